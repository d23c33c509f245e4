"""Mistakes in PyTensor's layers.

Where one small layer shows a mistake, the law at chosen points does: PyTensor compiles a network
with attention for seconds.
"""

from __future__ import annotations

from functools import partial

from tests.meta.loading import Mutant

layer_mutant = partial(Mutant, file="pytensor_layers")

WINDOWS = "return dense(layer, [w.reshape((-1, layer.n_out)), b], seen"
FLATTEN = "Flatten: lambda layer, params, x, shape: x.reshape((-1, *layer.gives(shape)))"
RESHAPE = "Reshape: lambda layer, params, x, shape: x.reshape((-1, *layer.shape))"
FLAT, SHAPED = (text.replace(": x.reshape((-1", ": {}.reshape((-1") for text in (FLATTEN, RESHAPE))
CONSTANT = "pytensor.gradient.zero_grad"  # of a value: the same, with a gradient of zero
MEAN = "x.mean(axis=tuple(range(1, len(shape))))"
HEADS = ".reshape((-1, length, layer.heads, d)).transpose((0, 2, 1, 3))"
BACKWARDS = "(0, *range(len(layer.shape), 0, -1))"

PYTENSOR_LAYERS = [
    layer_mutant(
        "kernel flipped", WINDOWS, WINDOWS.replace("w.reshape", "w[::-1, ::-1].reshape"),
        "kernel_as_written", "Mathematics flips the kernel of a convolution; no framework does.",
    ),
    layer_mutant(
        "kernel on its side", WINDOWS,
        WINDOWS.replace("w.reshape", "w.transpose((1, 0, 2, 3)).reshape"), "kernel_as_written",
        "A kernel's first axis goes down.",
    ),
    layer_mutant(
        "channels before pixels", WINDOWS,
        WINDOWS.replace("w.reshape", "w.transpose((2, 0, 1, 3)).reshape"), "forward",
        "The pixels of a window come first, and the channels of each lie together.", "conv",
    ),
    layer_mutant(
        "padding before", "around(layer, shape[0]), around(layer, shape[1])",
        "around(layer, shape[0])[::-1], around(layer, shape[1])[::-1]", "padding_after",
        'The odd zero of "same" comes after.',
    ),
    layer_mutant(
        "each of equals", "    largest, *others = windows(",
        "    return pt.stack(windows(layer, x, shape, outside=-np.inf)).max(axis=0)\n"
        "    largest, *others = windows(", "first_of_equals",
        "The gradient of `pt.max` goes to each of equal numbers, in full.",
    ),
    layer_mutant(
        "the last of equals", "other > largest", "other >= largest", "first_of_equals",
        "Every framework's pooling takes the first, row by row.",
    ),
    layer_mutant(
        "padding competes", "windows(layer, x, shape, outside=-np.inf)", "windows(layer, x, shape)",
        "forward", "Where all numbers are negative, a zero outside the picture is the largest.",
        "conv",
    ),
    layer_mutant(
        "padding counts in a mean", "/ pixels(layer, picture)", "/ layer.size**2", "forward",
        "A mean at the edge of a picture is then too small.", "strided",
    ),
    layer_mutant(
        "flattened column by column", FLATTEN,
        FLAT.format("x.transpose((0, *range(len(shape), 0, -1)))"), "forward",
        "The last axis runs fastest.", "conv",
    ),
    layer_mutant(
        "flattened channel by channel", FLATTEN, FLAT.format("pt.moveaxis(x, -1, 1)"), "forward",
        "PyTorch keeps channels first: the next kernel's rows would be in another order.", "conv",
    ),
    layer_mutant(
        "flattened across rows", "x.reshape((-1, *layer.gives(shape)))",
        "x.reshape((*layer.gives(shape), -1)).T", "forward", "Each row keeps its own numbers.",
        "conv",
    ),
    layer_mutant(
        "no gradient through Flatten", FLATTEN, FLAT.format(f"{CONSTANT}(x)"), "gradients",
        "What changes no number changes no gradient.", "conv",
    ),
    layer_mutant(
        "reshaped column by column", "x.reshape((-1, *layer.shape))",
        f"x.reshape((-1, *layer.shape[::-1])).transpose({BACKWARDS})", "forward",
        "The last axis runs fastest.", "sequence",
    ),
    layer_mutant(
        "reshaped across rows", "x.reshape((-1, *layer.shape))",
        "pt.moveaxis(x.reshape((*layer.shape, -1)), -1, 0)", "forward",
        "Each row keeps its own numbers.", "sequence",
    ),
    layer_mutant(
        "channels first in Reshape", "x.reshape((-1, *layer.shape))",
        "pt.moveaxis(x.reshape((-1, layer.shape[-1], *layer.shape[:-1])), 1, -1)", "forward",
        "A reshape keeps the order of the numbers, not that of the axes.", "strided",
    ),
    layer_mutant(
        "no gradient through Reshape", RESHAPE, SHAPED.format(f"{CONSTANT}(x)"), "gradients",
        "What changes no number changes no gradient.", "sequence",
    ),
    layer_mutant(
        "words from one", "params[0][x]", "params[0][x - 1]", "repeated_words",
        "−1 is the last row, as in NumPy.",
    ),
    layer_mutant(
        "table not learned", "params[0][x]", f"{CONSTANT}(params[0])[x]", "repeated_words",
        "Whole numbers have no gradient, but the table has.",
    ),
    layer_mutant(
        "embedding scaled", "params[0][x]", "params[0][x] * layer.width**0.5", "repeated_words",
        "Vaswani et al. (2017), section 3.4, scale by √width; the contract does not.",
    ),
    layer_mutant(
        "word 0 is padding", "params[0][x]", "params[0][x] * pt.neq(x, 0)[..., None]",
        "repeated_words", "Here every number is a word.",
    ),
    layer_mutant(
        "positions left out", "x + params[0]", "x + 0 * params[0]", "forward",
        "Without them attention does not know the order of words.", "transformer",
    ),
    layer_mutant(
        "positions from the end", "x + params[0]", "x + params[0][::-1]", "forward",
        "The first vector belongs to the first place.", "transformer",
    ),
    layer_mutant(
        "one position for all", "x + params[0]", "x + params[0][:1]", "forward",
        "A sum broadcasts where shapes allow it.", "transformer",
    ),
    layer_mutant(
        "positions not learned", "x + params[0]", f"x + {CONSTANT}(params[0])", "gradients",
        "A constant is not a parameter.", "transformer",
    ),
    layer_mutant(
        "ε outside the root", "pt.sqrt(variance + layer.epsilon)",
        "(pt.sqrt(variance) + layer.epsilon)", "layer_norm",
        "Under the root, ε bounds the quotient where a place has no variance.",
    ),
    layer_mutant(
        "variance by n − 1", "pt.sqr(apart).mean(axis=-1, keepdims=True)",
        "pt.sqr(apart).sum(axis=-1, keepdims=True) / (shape[-1] - 1)", "layer_norm",
        "A layer norm divides by the width.",
    ),
    layer_mutant(
        "the bias multiplies", "scale, bias = params", "bias, scale = params", "layer_norm",
        "Scale and bias have one shape: exchanged, they still fit.",
    ),
    layer_mutant(
        "statistics of all places", "x - x.mean(axis=-1, keepdims=True)",
        "x - x.mean(axis=tuple(range(1, x.ndim)), keepdims=True)", "forward",
        "Each place has its own mean.", "sequence",
    ),
    layer_mutant(
        "no mask", "if layer.causal:", "if not layer:", "causal_attention",
        "A model that sees the next word need not guess it.",
    ),
    layer_mutant(
        "mask upside down", "np.tri(length, dtype=bool)", "np.tri(length, dtype=bool).T",
        "causal_attention", "A mask says who may be seen, not who is hidden.",
    ),
    layer_mutant(
        "scores over d", "/ d**0.5", "/ d", "forward",
        "A sum of d random products is as large as √d.", "sequence",
    ),
    layer_mutant(
        "heads interleaved", HEADS,
        ".reshape((-1, length, d, layer.heads)).transpose((0, 3, 1, 2))", "forward",
        "A head's columns lie side by side.", "sequence",
    ),
    layer_mutant(
        "queries for keys", "q, k, v = (", "k, q, v = (", "forward",
        "Who asks and who answers are not the same.", "sequence",
    ),
    layer_mutant(
        "the way around forgotten", "x + outputs(", "outputs(", "forward",
        "A residual adds what it has read.", "sequence",
    ),
    layer_mutant(
        "added twice", "x + outputs(", "2 * x + outputs(", "forward",
        "A residual adds what it has read, once.", "sequence",
    ),
    layer_mutant(
        "no gradient around", "x + outputs(", f"{CONSTANT}(x) + outputs(", "gradients",
        "The gradient comes back both ways.", "sequence",
    ),
    layer_mutant(
        "no gradient through", "x + outputs(layer.layers, params, x, shape)",
        f"x + outputs(layer.layers, params, {CONSTANT}(x), shape)", "gradients",
        "The gradient comes back both ways.", "sequence",
    ),
    layer_mutant(
        "sum for mean of places", MEAN, MEAN.replace("mean", "sum"), "forward",
        "A mean does not grow with the length of a sequence.", "pooled",
    ),
    layer_mutant(
        "the largest place", MEAN, MEAN.replace("mean", "max"), "forward",
        "Global pooling comes as a mean and as a maximum.", "pooled",
    ),
    layer_mutant(
        "the last place for the mean", MEAN, "x[:, -1]", "forward", "The shape is the same.",
        "pooled",
    ),
    layer_mutant(
        "mean over the rows too", MEAN, "0 * x[:, 0] + x.mean(axis=(0, 1))", "forward",
        "The first axis is the batch.", "pooled",
    ),
]  # fmt: skip

"""Mistakes in JAX's layers."""

from __future__ import annotations

from tests.meta.loading import Mutant

FILE = "jax_layers"
JAX_LAYERS = [
    Mutant(
        "a sequence's losses summed", ".reshape(len(x), -1).mean(1)", ".reshape(len(x), -1).sum(1)",
        "loss", "A loss is a mean over the places of a sequence too.", "sequence",
    ),
    Mutant(
        "L2 by the number of axes", "kernels = (params[i] for i in net.penalized)",
        "kernels = (w for w in params if w.ndim > 1)", "loss",
        "A table of words has two axes and is no kernel.", "transformer",
    ),
    Mutant(
        "only the first batch", "parts = [batch for part in parts for batch in part]",
        "parts = [part[0] for part in parts]", "epoch_equals_steps",
        "A network that convolves takes its batches one by one, and all of them.", "conv",
    ),
    Mutant(
        "kernel flipped", "x, w, (layer.stride, layer.stride)",
        "x, w[::-1, ::-1], (layer.stride, layer.stride)", "kernel_as_written",
        "Mathematics flips a convolution's kernel; frameworks do not.", file=FILE,
    ),
    Mutant(
        "kernel on its side", '("NHWC", "HWIO", "NHWC")', '("NHWC", "WHIO", "NHWC")',
        "kernel_as_written", "The letters say which axis is which, and nothing checks them.",
        file=FILE,
    ),
    Mutant(
        "padding before", "layer.stride), layer.padding.upper(),",
        'layer.stride), layer.padding.upper().replace("SAME", "SAME_LOWER"),', "padding_after",
        'The odd zero of "SAME" comes after; SAME_LOWER\'s is before.', file=FILE,
    ),
    Mutant(
        "stride ignored", "x, w, (layer.stride, layer.stride)", "x, w, (1, 1)", "forward",
        "Strides are an argument of their own.", "strided", file=FILE,
    ),
    Mutant(
        "ties split", "return lax.reduce_window(x, -jnp.inf, lax.max, window, strides, padding)",
        "rows, columns, _ = layer.gives(x.shape[1:])\n"
        "        parts = [\n"
        "            x[:, i :: layer.stride, j :: layer.stride][:, :rows, :columns]\n"
        "            for i in range(layer.size) for j in range(layer.size)\n"
        "        ]\n"
        "        return jnp.stack(parts).max(0)",
        "first_of_equals", "A maximum over an axis shares a tie's gradient.", file=FILE,
    ),
    Mutant(
        "padding competes", "lax.reduce_window(x, -jnp.inf, lax.max",
        "lax.reduce_window(x, 0.0, lax.max", "forward",
        "The first value of a reduction is what lies outside of the picture.", "conv", file=FILE,
    ),
    Mutant(
        "padding counts in a mean", "strides, padding) / pixels",
        "strides, padding) / layer.size**2", "forward",
        "A mean at the edge of a picture is then too small.", "strided", file=FILE,
    ),
    Mutant(
        "windows never overlap", "(1, layer.stride, layer.stride, 1)",
        "(1, layer.size, layer.size, 1)", "forward",
        "A pooling's stride need not be its size.", "strided", file=FILE,
    ),
    Mutant(
        "flattened column by column", "x.reshape(len(x), -1),",
        'x.reshape(len(x), -1, order="F"),', "forward", "The last axis runs fastest.", "conv",
        file=FILE,
    ),
    Mutant(
        "reshaped across rows", "x.reshape(len(x), *layer.shape)",
        "x.reshape(len(x), -1).T.reshape(len(x), *layer.shape)", "forward",
        "Each row keeps its own numbers.", "sequence", file=FILE,
    ),
    Mutant(
        "words clamped", "return params[0][x]", "return params[0][jnp.minimum(x, 3)]", "forward",
        "JAX clamps an index that is out of range, and says nothing.", "pooled", file=FILE,
    ),
    Mutant(
        "words from one", "return params[0][x]", "return params[0][x - 1]", "forward",
        "−1 is the last row, in JAX as in NumPy.", "pooled", file=FILE,
    ),
    Mutant(
        "table not learned", "return params[0][x]", "return lax.stop_gradient(params[0])[x]",
        "gradients", "Whole numbers have no gradient, but the table has.", "pooled", file=FILE,
    ),
    Mutant(
        "positions left out", "return x + params[0]\n", "return x\n", "forward",
        "Without them attention does not know the order of words.", "transformer", file=FILE,
    ),
    Mutant(
        "positions from the end", "return x + params[0]\n", "return x + params[0][::-1]\n",
        "forward", "The first vector belongs to the first place.", "transformer", file=FILE,
    ),
    Mutant(
        "the default ε", ", epsilon=layer.epsilon)", ")", "forward",
        "A default is not what was asked for.", "pooled", file=FILE,
    ),
    Mutant(
        "variance by n − 1", "x.var(-1, keepdims=True)", "x.var(-1, ddof=1, keepdims=True)",
        "layer_norm", "A layer norm divides by the width.", file=FILE,
    ),
    Mutant(
        "statistics of all places", "jax.nn.standardize(x, -1,", "jax.nn.standardize(x, (1, 2),",
        "forward", "Each place has its own mean.", "transformer", file=FILE,
    ),
    Mutant(
        "ε outside the root", "variance = x.var(-1, keepdims=True)",
        "variance = (x.std(-1, keepdims=True) + layer.epsilon) ** 2 - layer.epsilon", "layer_norm",
        "Under the root, ε bounds the quotient where a place has no variance.", file=FILE,
    ),
    Mutant(
        "softmax in 32 bits", "found = jnp.einsum(\"nhqk,nkhd->nqhd\", jax.nn.softmax(scores), v)",
        "found = jax.nn.dot_product_attention(q, k, v, is_causal=layer.causal)", "forward",
        "JAX's own attention computes its shares in float32: seen only by a run in float64.",
        "transformer", "float64", FILE,
    ),
    Mutant(
        "scores over d", "/ (width // layer.heads) ** 0.5", "/ (width // layer.heads)", "forward",
        "A sum of d random products is as large as √d.", "transformer", file=FILE,
    ),
    Mutant(
        "√ of the whole width", "/ (width // layer.heads) ** 0.5", "/ width**0.5", "forward",
        "A head's scores sum over its own columns.", "transformer", file=FILE,
    ),
    Mutant(
        "heads interleaved", "(x @ w).reshape(n, length, layer.heads, -1)",
        "(x @ w).reshape(n, length, -1, layer.heads).swapaxes(2, 3)", "forward",
        "A head's columns lie side by side.", "sequence", file=FILE,
    ),
    Mutant(
        "no mask", "if layer.causal:", "if not layer:", "causal_attention",
        "A model that sees the next word need not guess it.", file=FILE,
    ),
    Mutant(
        "mask upside down", "jnp.tri(length, dtype=bool)", "jnp.tri(length, dtype=bool).T",
        "causal_attention", "A mask says who may be seen, not who is hidden.", file=FILE,
    ),
    Mutant(
        "shares of the wrong axis", "jax.nn.softmax(scores)", "jax.nn.softmax(scores, axis=2)",
        "forward", "A place's shares of the others sum to 1.", "pooled", file=FILE,
    ),
    Mutant(
        "queries for keys", '"nqhd,nkhd->nhqk", q, k', '"nqhd,nkhd->nhqk", k, q', "forward",
        "Who asks and who answers are not the same.", "pooled", file=FILE,
    ),
    Mutant(
        "the way around forgotten", "return x + outputs(", "return outputs(", "forward",
        "A residual adds what it has read.", "transformer", file=FILE,
    ),
    Mutant(
        "no gradient around", "return x + outputs(", "return lax.stop_gradient(x) + outputs(",
        "gradients", "The gradient comes back both ways.", "sequence", file=FILE,
    ),
    Mutant(
        "mean of a column", "x.mean(tuple(range(1, x.ndim - 1)))", "x.mean(1)", "forward",
        "A picture has two axes of places.", "strided", file=FILE,
    ),
    Mutant(
        "sum for mean of places", "x.mean(tuple(", "x.sum(tuple(", "forward",
        "A mean does not grow with the length of a sequence.", "pooled", file=FILE,
    ),
    Mutant(
        "flattened channel by channel", "x.reshape(len(x), -1),",
        "jnp.moveaxis(x, -1, 1).reshape(len(x), -1),",
        "forward", "PyTorch keeps channels first.", "conv", file=FILE,
    ),
    Mutant(
        "flattened across rows", "x.reshape(len(x), -1),",
        "x.reshape(-1, len(x)).T,",
        "forward", "Each row keeps its own numbers.", "conv", file=FILE,
    ),
    Mutant(
        "no gradient through Flatten", "x.reshape(len(x), -1),",
        "lax.stop_gradient(x).reshape(len(x), -1),",
        "gradients", "What changes no number changes no gradient.", "conv", file=FILE,
    ),
    Mutant(
        "reshaped column by column", "x.reshape(len(x), *layer.shape)",
        "x.reshape(len(x), *layer.shape[::-1]).swapaxes(1, 2)",
        "forward", "The last axis runs fastest.", "sequence", file=FILE,
    ),
    Mutant(
        "channels first in Reshape", "x.reshape(len(x), *layer.shape)",
        "jnp.moveaxis(x.reshape(-1, layer.shape[-1], *layer.shape[:-1]), 1, -1)",
        "forward", "A reshape keeps the order of the numbers.", "strided", file=FILE,
    ),
    Mutant(
        "no gradient through Reshape", "x.reshape(len(x), *layer.shape)",
        "lax.stop_gradient(x).reshape(len(x), *layer.shape)",
        "gradients", "What changes no number changes no gradient.", "sequence", file=FILE,
    ),
    Mutant(
        "one position for all", "return x + params[0]\n",
        "return x + params[0][:1]\n",
        "forward", "A sum broadcasts where shapes allow it.", "transformer", file=FILE,
    ),
    Mutant(
        "positions not learned", "return x + params[0]\n",
        "return x + lax.stop_gradient(params[0])\n",
        "gradients", "A constant is not a parameter.", "transformer", file=FILE,
    ),
    Mutant(
        "added twice", "return x + outputs(",
        "return 2 * x + outputs(",
        "forward", "A residual adds what it has read, once.", "sequence", file=FILE,
    ),
    Mutant(
        "no gradient through", "return x + outputs(layer.layers, params, x)[-1]",
        "return x + outputs(layer.layers, params, lax.stop_gradient(x))[-1]",
        "gradients", "The gradient comes back both ways.", "sequence", file=FILE,
    ),
    Mutant(
        "the last place for the mean", "x.mean(tuple(range(1, x.ndim - 1)))",
        "x[:, -1]",
        "forward", "The shape is the same.", "pooled", file=FILE,
    ),
    Mutant(
        "the largest place", "x.mean(tuple(range(1, x.ndim - 1)))",
        "x.max(tuple(range(1, x.ndim - 1)))",
        "forward", "Global pooling comes as a mean and as a maximum.", "pooled", file=FILE,
    ),
]  # fmt: skip

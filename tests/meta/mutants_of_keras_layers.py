"""Mistakes in Keras's layers beyond the dense one."""

from __future__ import annotations

from functools import partial

from tests.meta.loading import Mutant

layer_mutant = partial(Mutant, file="keras_layers")


def derived(name: str, method: str, body: str, indent: str = "    ") -> str:
    """The text of a layer of Keras with another method, in place of `return keras.layers.…`."""
    return (
        f"class Changed(keras.layers.{name}):\n"
        f"{indent}    def {method}:\n"
        f"{indent}        {body}\n\n"
        f"{indent}return Changed"
    )


def convolved(body: str) -> str:
    """A convolution that computes something else of `x` and `kernel`, by `given`, its own."""
    given = "given = super().convolution_op\n            "
    return derived("Conv2D", "convolution_op(self, x, kernel)", f"{given}return {body}")


def largest(value: str) -> str:
    """A max-pool of which `call` returns something else."""
    return derived("MaxPooling2D", "call(self, x)", f"return {value}", indent=" " * 8)


def normalized(root: str, axes: str = "-1") -> str:
    """A layer norm written out, with another root of `squares` (n, …, width)."""
    return derived(
        "LayerNormalization", "call(self, x)",
        f"apart = x - ops.mean(x, {axes}, keepdims=True)\n"
        f"            squares, n = ops.square(apart), x.shape[-1]\n"
        f"            return self.gamma * apart / ({root}) + self.beta",
    )  # fmt: skip


CONV, NORM = "return keras.layers.Conv2D", "return keras.layers.LayerNormalization"
MAX, TABLE = "return keras.layers.MaxPooling2D", "return keras.layers.Embedding"
FOUND = "found, _ = self.attention(x, x, use_causal_mask=self.causal, return_attention_scores=True)"
SQUARED = "ops.mean(squares, -1, keepdims=True)"

KERAS_LAYERS = [
    layer_mutant(
        "kernel flipped", CONV, convolved("given(x, ops.flip(kernel, (0, 1)))"), "forward",
        "Mathematics flips the kernel of a convolution; no framework does.", "conv",
    ),
    layer_mutant(
        "kernel transposed", CONV, convolved("given(x, ops.transpose(kernel, (1, 0, 2, 3)))"),
        "forward", "Height comes first, in pictures and in kernels.", "conv",
    ),
    layer_mutant(
        "padding before for after", CONV,
        convolved("ops.flip(given(ops.flip(x, (1, 2)), ops.flip(kernel, (0, 1))), (1, 2))"),
        "forward", "The shape is right, and every window a pixel off.", "strided",
    ),
    layer_mutant(
        "stride ignored", "strides=layer.stride,", "strides=1,", "forward",
        "A mean over all places hides how many there were.", "strided",
    ),
    layer_mutant(
        "kernel not penalized", "kernel_regularizer=penalty,\n    )\n\n\ndef pool2d",
        ")\n\n\ndef pool2d", "loss", "L2 reaches every kernel, not only those of matrices.", "conv",
    ),
    layer_mutant(
        "average for maximum", MAX, "return keras.layers.AveragePooling2D", "forward",
        "Two poolings give the same shape.", "conv",
    ),
    layer_mutant(
        "smallest for largest", MAX, largest("-super().call(-x)"), "forward",
        "Only a sign says which end is meant.", "conv",
    ),
    layer_mutant(
        "windows pooled over channels", MAX,
        largest("ops.max(super().call(x), -1, keepdims=True) + 0 * super().call(x)"), "forward",
        "Each channel has a maximum of its own.", "conv",
    ),
    layer_mutant(
        "padded where it should not be",
        "return keras.layers.AveragePooling2D(layer.size, layer.stride, layer.padding)",
        'return keras.layers.AveragePooling2D(layer.size, layer.stride, "same")', "forward",
        "A mean over all places hides how many there were.", "strided",
    ),
    layer_mutant(
        "stride by default the size",
        "return keras.layers.AveragePooling2D(layer.size, layer.stride, layer.padding)",
        "return keras.layers.AveragePooling2D(layer.size, None, layer.padding)", "forward",
        "A pooling's stride is not 1 by default, as a convolution's is.", "strided",
    ),
    layer_mutant(
        "padding counted",
        'if layer.padding == "same" and keras.backend.backend() == "torch":\n'
        "        return MeanInside(layer)",
        'if layer.padding == "same":\n'
        "        counted = MeanInside(layer)\n"
        "        counted.call = lambda x: ops.average_pool(ops.pad(x, ((0, 0), *(\n"
        "            around(layer, side) for side in x.shape[1:3]), (0, 0)\n"
        "        )), layer.size, layer.stride)\n"
        "        return counted",
        "forward", "A mean over zeros that nobody saw is too small at the border.", "strided",
    ),
    layer_mutant(
        "channels first in Flatten", "keras.layers.Flatten()",
        "keras.Sequential([keras.layers.Permute((3, 1, 2)), keras.layers.Flatten()])", "forward",
        "Flattened, PyTorch's order of axes and Keras's are not the same.", "conv",
    ),
    layer_mutant(
        "pictures turned in Flatten", "keras.layers.Flatten()",
        "keras.Sequential([keras.layers.Permute((2, 1, 3)), keras.layers.Flatten()])", "forward",
        "Row by row is not column by column.", "conv",
    ),
    layer_mutant(
        "channels first in Reshape", "keras.layers.Reshape(layer.shape)",
        "keras.Sequential([keras.layers.Reshape((layer.shape[2], *layer.shape[:2])), "
        "keras.layers.Permute((2, 3, 1))])", "forward",
        "A reshape keeps the order of the numbers, not that of the axes.", "strided",
    ),
    layer_mutant(
        "pictures turned in Reshape", "keras.layers.Reshape(layer.shape)",
        "keras.Sequential([keras.layers.Reshape((*layer.shape[1::-1], layer.shape[2])), "
        "keras.layers.Permute((2, 1, 3))])", "forward",
        "Height comes first.", "strided",
    ),
    layer_mutant(
        "words counted from one", TABLE,
        derived("Embedding", "call(self, x)", "return super().call((x + 1) % self.input_dim)"),
        "forward", "Keras's tokenizers keep 0 for what is missing; the contract does not.",
        "pooled",
    ),
    layer_mutant(
        "embedding scaled", TABLE,
        derived("Embedding", "call(self, x)", "return super().call(x) * self.output_dim**0.5"),
        "forward", "Vaswani et al. (2017), section 3.4, scale by √width; the contract does not.",
        "pooled",
    ),
    layer_mutant(
        "L2 on the table", 'embeddings_initializer="zeros")',
        'embeddings_initializer="zeros", embeddings_regularizer=penalty)', "loss",
        "A table is drawn from, not multiplied.", "transformer",
    ),
    layer_mutant(
        "positions left out", "return x + self.table", "return x + 0 * self.table", "forward",
        "Without them attention sees a bag of words.", "transformer",
    ),
    layer_mutant(
        "one position for all", "return x + self.table", "return x + self.table[0]", "forward",
        "The shape broadcasts, and nobody is told.", "transformer",
    ),
    layer_mutant(
        "positions backwards", "return x + self.table", "return x + ops.flip(self.table, 0)",
        "forward", "The first row is the first place's.", "transformer",
    ),
    layer_mutant(
        "positions multiplied", "return x + self.table", "return x * self.table", "forward",
        "It learns as well, and is another network.", "transformer",
    ),
    layer_mutant(
        "Keras's own ε", "(epsilon=exact(layer.epsilon))", "()", "forward",
        "It is 1e-3, and 1e-5 in torch: a default is not what was asked for.", "transformer",
    ),
    layer_mutant(
        "ε outside the root", NORM, normalized(f"ops.sqrt({SQUARED}) + self.epsilon"), "forward",
        "Adam's ε stands outside of its root, a layer norm's inside.", "pooled",
    ),
    layer_mutant(
        "variance by n − 1", NORM,
        normalized(f"ops.sqrt({SQUARED} * n / (n - 1) + self.epsilon)"), "forward",
        "torch.var divides by n − 1, a layer norm by n.", "pooled",
    ),
    layer_mutant(
        "normalized over the sequence", NORM,
        normalized(f"ops.sqrt({SQUARED} + self.epsilon)", "(1, 2)"), "forward",
        "A layer norm treats every place by itself.", "transformer",
    ),
    layer_mutant(
        "variance taken as a constant", NORM,
        normalized(f"ops.sqrt(ops.stop_gradient({SQUARED}) + self.epsilon)"), "gradients",
        "The variance depends on x as well; the loss does not tell.", "pooled",
    ),
    layer_mutant(
        "scaled by d", "np.float64(d**-0.5)", "np.float64(1 / d)", "forward",
        "The sum of d products has a spread of √d, not d.", "transformer",
    ),
    layer_mutant(
        "heads and their width swapped", "layer.heads,\n            d,",
        "d,\n            layer.heads,", "forward", "Both have the same product.", "sequence",
    ),
    Mutant(
        "kernels cut by row", "variable.assign(array.reshape(variable.shape))",
        'variable.assign(array.reshape(variable.shape, order="F"))', "forward",
        "A reshape fits as well, and mixes the heads.", "sequence",
    ),
    layer_mutant(
        "mask left out", "use_causal_mask=self.causal", "use_causal_mask=False", "forward",
        "It looks ahead, and its training loss is splendid.", "transformer",
    ),
    layer_mutant(
        "mask upside down", FOUND,
        "x = ops.flip(x, 1)\n        " + FOUND + "\n        found = ops.flip(found, 1)", "forward",
        "It sees the future, and only that.", "transformer",
    ),
    layer_mutant(
        "masked without asking", "use_causal_mask=self.causal", "use_causal_mask=True", "forward",
        "Whoever classifies a whole sequence may look ahead.", "pooled",
    ),
    layer_mutant(
        "residual left out", "return x + a", "return a", "forward",
        "The shape is the same.", "sequence",
    ),
    layer_mutant(
        "residual added twice", "return x + a", "return 2 * x + a", "forward",
        "The way around the layers is taken once.", "sequence",
    ),
    layer_mutant(
        "residual averaged", "return x + a", "return (x + a) / 2", "forward",
        "keras.layers.Average is next to Add.", "sequence",
    ),
    layer_mutant(
        "no gradient on the way around", "return x + a", "return ops.stop_gradient(x) + a",
        "gradients", "What a residual is for: a gradient that no layer shrinks.", "transformer",
    ),
    layer_mutant(
        "sum for mean", "return ops.mean(x,", "return ops.sum(x,", "forward",
        "A sum grows with the sequence.", "pooled",
    ),
    layer_mutant(
        "largest for mean", "return ops.mean(x,", "return ops.max(x,", "forward",
        "GlobalMaxPooling is next to GlobalAveragePooling.", "pooled",
    ),
    layer_mutant(
        "the last place for the mean",
        "return ops.mean(x, axis=tuple(range(1, len(x.shape) - 1)))", "return x[:, -1]", "forward",
        "The shape is the same.", "pooled",
    ),
    layer_mutant(
        "mean over the rows too", "return ops.mean(x, axis=tuple(range(1, len(x.shape) - 1)))",
        "return ops.mean(x, axis=tuple(range(1, len(x.shape) - 1))) * 0 "
        "+ ops.mean(x, axis=tuple(range(len(x.shape) - 1)))", "forward",
        "The first axis is the batch.", "pooled",
    ),
    Mutant(
        "places of one sequence with targets of another", "loss(ops.reshape(y, targets),",
        "loss(ops.reshape(ops.transpose(y), targets),", "loss",
        "Both are flattened row by row, or their places do not meet.", "transformer",
        file="keras_parts",
    ),
]  # fmt: skip

# What only one of Keras's backends does.

KERAS_LAYERS_ON_TENSORFLOW = [
    Mutant(
        "a row that comes twice counted once", "return tf.convert_to_tensor(gradient)",
        "return gradient", "gradients",
        "IndexedSlices list a row as often as it was taken; an assignment keeps the last.",
        "pooled", file="keras_parts",
    ),
    layer_mutant(
        "scale through float32", "self.attention._inverse_sqrt_key_dim = np.float64(d**-0.5)",
        "pass", "forward", "Keras's own 1/√d is a Python float: seen only by a run in float64.",
        "transformer", "float64",
    ),
]  # fmt: skip

KERAS_LAYERS_ON_JAX = [
    layer_mutant(
        "softmax in float32", FOUND,
        "found = self.attention(x, x, use_causal_mask=self.causal)", "forward",
        "JAX's attention takes it so: seen only by a run in float64.", "transformer", "float64",
    ),
]  # fmt: skip

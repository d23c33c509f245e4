"""Mistakes in layers, of every backend, by its name."""

from __future__ import annotations

from tests.meta.loading import Mutant
from tests.meta.mutants_of_jax_layers import JAX_LAYERS
from tests.meta.mutants_of_keras_layers import (
    KERAS_LAYERS,
    KERAS_LAYERS_ON_JAX,
    KERAS_LAYERS_ON_TENSORFLOW,
)
from tests.meta.mutants_of_keras_shapes import KERAS_SHAPES
from tests.meta.mutants_of_numpy_layers import NUMPY_BLOCKS
from tests.meta.mutants_of_pytensor_layers import PYTENSOR_LAYERS
from tests.meta.mutants_of_tensorflow_layers import TENSORFLOW_LAYERS
from tests.meta.mutants_of_torch_blocks import TORCH_BLOCKS
from tests.meta.mutants_of_torch_layers import TORCH_LAYERS

# Mistakes in the reference's layers, forward and by the chain rule.

NUMPY_LAYERS = [
    Mutant(
        "only the last place's kernel gradient", "return in_rows(x).T @ in_rows(g)",
        "return x[:, -1].T @ g[:, -1]", "central_differences",
        "A kernel serves every place of a sequence, and each adds its share.", "sequence",
        file="numpy_layers",
    ),
    Mutant(
        "mean over rows, not places", "(gradient / len(losses))", "(gradient / len(x))",
        "central_differences", "A sequence's loss is a mean over its places too.", "transformer",
    ),
    Mutant(
        "L2 by the number of axes", "kernels = (self._params[i] for i in self.net.penalized)",
        "kernels = (w for w in self._params if w.ndim == 2)", "loss_definition",
        "A table of words has two axes and is no kernel; a convolution's kernel has four.",
        "transformer",
    ),
    Mutant(
        "kernel flipped", "return dense(layer, [w.reshape(-1, layer.n_out), b],",
        "return dense(layer, [w[::-1, ::-1].reshape(-1, layer.n_out), b],", "kernel_as_written",
        "Mathematics flips a convolution's kernel; frameworks do not.", file="numpy_layers",
    ),
    Mutant(
        "channels before pixels", "return dense(layer, [w.reshape(-1, layer.n_out), b],",
        "return dense(layer, [w.transpose(2, 0, 1, 3).reshape(-1, layer.n_out), b],", "forward",
        "The pixels of a window come first, and the channels of each lie together.", "conv",
        file="numpy_layers",
    ),
    Mutant(
        "padding before", "around(layer, x.shape[1]), around(layer, x.shape[2]), (0, 0))\n",
        "around(layer, x.shape[1])[::-1], around(layer, x.shape[2])[::-1], (0, 0))\n",
        "padding_after", "The odd zero of \"same\" comes after; PyTorch's padding=1 is before too.",
        file="numpy_windows",
    ),
    Mutant(
        "stride ignored", "step = layer.stride", "step = 1",
        "forward", "Windows one pixel apart fill the same shape with the picture's corner.",
        "strided", file="numpy_windows",
    ),
    Mutant(
        "windows column by column",
        "for i in range(layer.size):\n        for j in range(layer.size):",
        "for j in range(layer.size):\n        for i in range(layer.size):", "kernel_as_written",
        "A kernel's first axis goes down.", file="numpy_windows",
    ),
    Mutant(
        "a pixel's last window only", "padded[place] += part", "padded[place] = part",
        "central_differences", "A pixel that several windows see has the sum of their gradients.",
        "conv", file="numpy_windows",
    ),
    Mutant(
        "the padding's gradient kept",
        "return padded[:, top : top + height, left : left + width]",
        "return padded[:, :height, :width]", "central_differences",
        "The zeros around a picture take their part of the gradient with them.", "strided",
        file="numpy_windows",
    ),
    Mutant(
        "ties split", "return gathered(layer, x, [g * (first == i) for i in range(layer.size**2)])",
        "ties = [part == a for part in windows(layer, x, outside=-np.inf)]\n"
        "        return gathered(layer, x, [g * tie / sum(ties) for tie in ties])",
        "first_of_equals", "A reduction shares a tie's gradient; a pooling layer does not.",
        file="numpy_layers",
    ),
    Mutant(
        "the last of equals", "first = np.argmax(windows(layer, x, outside=-np.inf), axis=0)",
        "first = layer.size**2 - 1 - np.argmax(windows(layer, x, outside=-np.inf)[::-1], axis=0)",
        "first_of_equals", "Every framework's pooling takes the first, row by row.",
        file="numpy_layers",
    ),
    Mutant(
        "each of equals", "[g * (first == i) for i in",
        "[g * (windows(layer, x, outside=-np.inf)[i] == a) for i in", "first_of_equals",
        "A tie must not have its gradient twice.", file="numpy_layers",
    ),
    Mutant(
        "padding competes", "return np.max(windows(layer, x, outside=-np.inf), axis=0)",
        "return np.max(windows(layer, x), axis=0)", "forward",
        "Where all numbers are negative, a zero outside the picture is the largest.", "conv",
        file="numpy_layers",
    ),
    Mutant(
        "padding counts in a mean", "return np.sum(windows(layer, x), axis=0) / pixels(layer, x)",
        "return np.mean(windows(layer, x), axis=0)", "forward",
        "PyTorch's count_include_pad: a mean at the edge of a picture is too small.", "strided",
        file="numpy_layers",
    ),
    Mutant(
        "a mean's gradient whole", "[g / pixels(layer, x)] * layer.size**2",
        "[g] * layer.size**2", "central_differences", "Each pixel has its share of the mean.",
        "strided", file="numpy_layers",
    ),
    Mutant(
        "flattened column by column", "x.reshape(len(x), -1).copy()",
        'x.reshape(len(x), -1, order="F").copy()', "forward", "The last axis runs fastest.", "conv",
        file="numpy_layers",
    ),
    Mutant(
        "flattened channel by channel", "x.reshape(len(x), -1).copy()",
        "np.moveaxis(x, -1, 1).reshape(len(x), -1).copy()", "forward",
        "PyTorch keeps channels first: the next kernel's rows would be in another order.", "conv",
        file="numpy_layers",
    ),
    Mutant(
        "flattened across rows", "x.reshape(len(x), -1).copy()", "x.reshape(-1, len(x)).T.copy()",
        "forward", "Each row keeps its own numbers.", "conv", file="numpy_layers",
    ),
    Mutant(
        "gradient of flat rows misplaced",
        "# outputs are handed out\n        lambda layer, params, x, a, g: "
        "([], lambda: g.reshape(x.shape)),",
        "# outputs are handed out\n        lambda layer, params, x, a, g: "
        '([], lambda: g.reshape(x.shape, order="F")),',
        "central_differences", "Back along the way it came.", "conv", file="numpy_layers",
    ),
    Mutant(
        "reshaped column by column", "x.reshape(len(x), *layer.shape).copy()",
        'x.reshape(len(x), *layer.shape, order="F").copy()', "forward",
        "The last axis runs fastest.", "strided", file="numpy_layers",
    ),
    Mutant(
        "reshaped across rows", "x.reshape(len(x), *layer.shape).copy()",
        "np.moveaxis(x.reshape(*layer.shape, len(x)), -1, 0).copy()", "forward",
        "Each row keeps its own numbers.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "the caller's own array handed out", "x.reshape(len(x), *layer.shape).copy()",
        "x.reshape(len(x), *layer.shape)", "copies_out",
        "A change of shape is a view: whoever overwrites it overwrites the data.", "strided",
        file="numpy_layers",
    ),
    Mutant(
        "gradient of another shape misplaced",
        "*layer.shape).copy(),\n        lambda layer, params, x, a, g: "
        "([], lambda: g.reshape(x.shape)),",
        "*layer.shape).copy(),\n        lambda layer, params, x, a, g: "
        '([], lambda: g.reshape(x.shape, order="F")),',
        "central_differences", "Back along the way it came.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "a repeated word counts once", "np.add.at(by_table, x, g)", "by_table[x] += g",
        "repeated_words", "Indexed addition reads all rows before it writes one.",
        file="numpy_layers",
    ),
    Mutant(
        "a word's last place only", "np.add.at(by_table, x, g)", "by_table[x] = g",
        "repeated_words", "Each place of a word adds its gradient.", file="numpy_layers",
    ),
    Mutant(
        "word 0 is padding", "np.add.at(by_table, x, g)",
        "np.add.at(by_table, x, g * (x > 0)[..., None])", "repeated_words",
        "padding_idx leaves a row without a gradient; here every number is a word.",
        file="numpy_layers",
    ),
    Mutant(
        "mean over a word's places", "    np.add.at(by_table, x, g)",
        "    counts = np.bincount(x.reshape(-1), minlength=layer.vocabulary)\n"
        "    np.add.at(by_table, x, g / counts[x][..., None])", "repeated_words",
        "A frequent word has a larger gradient, not the mean of many.", file="numpy_layers",
    ),
    Mutant(
        "words from one", "return params[0][x]", "return params[0][x - 1]", "forward",
        "Row numbers begin at 0.", "pooled", file="numpy_layers",
    ),
    Mutant(
        "positions left out", "return x + params[0]\n", "return x * 1\n", "forward",
        "Without them attention does not know the order of words.", "transformer",
        file="numpy_layers",
    ),
    Mutant(
        "positions from the end", "return x + params[0]\n", "return x + params[0][::-1]\n",
        "forward", "The first vector belongs to the first place.", "transformer",
        file="numpy_layers",
    ),
    Mutant(
        "positions averaged over rows",
        "return [g.sum(0)], lambda: g", "return [g.mean(0)], lambda: g",
        "central_differences", "The loss is a mean already; its gradients are summed.",
        "transformer", file="numpy_layers",
    ),
    Mutant(
        "one gradient for all places", "return [g.sum(0)], lambda: g",
        "return [0 * params[0] + g.sum((0, 1))], lambda: g", "central_differences",
        "Each place has its own vector.", "transformer", file="numpy_layers",
    ),
    Mutant(
        "no way past the positions", "return [g.sum(0)], lambda: g",
        "return [g.sum(0)], lambda: 0 * g", "central_differences",
        "A sum passes its gradient to both.", "transformer", file="numpy_layers",
    ),
]  # fmt: skip


# The mutants of each backend's layers, by its name.

OF_LAYERS: dict[str, list[Mutant]] = {
    "numpy": [*NUMPY_LAYERS, *NUMPY_BLOCKS],
    "tensorflow": TENSORFLOW_LAYERS,
    "keras": [*KERAS_LAYERS, *KERAS_SHAPES, *KERAS_LAYERS_ON_TENSORFLOW],
    "keras-torch": [*KERAS_LAYERS, *KERAS_SHAPES],
    "keras-jax": [*KERAS_LAYERS, *KERAS_SHAPES, *KERAS_LAYERS_ON_JAX],
    "torch": [*TORCH_LAYERS, *TORCH_BLOCKS],
    "jax": JAX_LAYERS,
    "pytensor": PYTENSOR_LAYERS,
}

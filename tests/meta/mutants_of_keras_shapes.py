"""More mistakes in Keras's layers: in what it does to shapes, and to words."""

from __future__ import annotations

from tests.meta.mutants_of_keras_layers import TABLE, derived, layer_mutant

FLATTEN, RESHAPE = "keras.layers.Flatten()", "keras.layers.Reshape(layer.shape)"
CONSTANT = "keras.layers.Lambda(lambda x: ops.stop_gradient(x) + 0 * x)"

KERAS_SHAPES = [
    layer_mutant(
        "flattened column by column", FLATTEN,
        f"keras.Sequential([keras.layers.Permute((3, 2, 1)), {FLATTEN}])", "forward",
        "The last axis runs fastest.", "conv",
    ),
    layer_mutant(
        "no gradient through Flatten", FLATTEN, f"keras.Sequential([{CONSTANT}, {FLATTEN}])",
        "gradients", "What changes no number changes no gradient.", "conv",
    ),
    layer_mutant(
        "reshaped column by column", RESHAPE,
        "keras.Sequential([keras.layers.Reshape(layer.shape[::-1]), "
        "keras.layers.Permute((2, 1))])", "forward",
        "The last axis runs fastest.", "sequence",
    ),
    layer_mutant(
        "no gradient through Reshape", RESHAPE, f"keras.Sequential([{CONSTANT}, {RESHAPE}])",
        "gradients", "What changes no number changes no gradient.", "sequence",
    ),
    layer_mutant(
        "word 0 is padding", TABLE,
        derived("Embedding", "call(self, x)",
                "return super().call(x) * ops.cast(x > 0, self.compute_dtype)[..., None]"),
        "forward", "Keras's tokenizers keep 0 for what is missing; here every number is a word.",
        "pooled",
    ),
]  # fmt: skip

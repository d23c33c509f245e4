"""Layer normalisation in float16

PyTorch's and Keras's layers compute in float32 inside and turn ±300 into ±1. `jax.nn.standardize`
stays in float16, whose largest number is 65504: the square of 300 is infinite, and 300 divided by
that is 0.
"""

kind = "difference"
symptoms = "LayerNorm float16 nan overflow, mixed precision norm"
matters = """Outputs of 0 are not NaN and raise no alarm; what follows such a layer learns nothing
from its input. bfloat16, which has float32's range, is not affected."""
remedy = "`jax.nn.standardize(x.astype(jnp.float32)).astype(x.dtype)`."
sources = [
    "jax/_src/nn/functions.py, standardize",
    "torch/nn/modules/normalization.py, LayerNorm",
    "keras/src/layers/normalization/layer_normalization.py, LayerNormalization.call",
]
lessons = []

observed = {
    "torch": [1.0, -1.0, 1.0, -1.0],
    "keras": [1.0, -1.0, 1.0, -1.0],
    "jax": [0.0, 0.0, 0.0, 0.0],
}


def torch():
    """float32 inside."""

    import torch

    def default():
        """A row of ±300."""
        row = torch.tensor([[300.0, -300.0, 300.0, -300.0]], dtype=torch.float16)
        return torch.nn.LayerNorm(4, dtype=torch.float16)(row)[0].tolist()

    return default, default  # nothing to change


def keras():
    """float32 inside, on every backend."""

    import keras
    import numpy as np

    def default():
        """A row of ±300."""
        row = np.array([[300, -300, 300, -300]], dtype="float16")
        layer = keras.layers.LayerNormalization(dtype="float16")
        return keras.ops.convert_to_numpy(layer(row))[0].tolist()

    return default, default  # nothing to change


def jax():
    """float16 throughout."""

    import jax
    import jax.numpy as jnp

    ROW = jnp.array([300.0, -300.0, 300.0, -300.0], dtype="float16")

    def default():
        """A row of ±300."""
        return jax.nn.standardize(ROW).tolist()

    def matched():
        """By way of float32."""
        return jax.nn.standardize(ROW.astype("float32")).astype("float16").tolist()

    return default, matched

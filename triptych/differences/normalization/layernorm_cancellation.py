"""Standardising numbers that are large and close together

`jax.nn.standardize`, JAX's function for a layer normalisation, computes the variance as mean(x²) −
mean(x)² by default, in which large numbers cancel: that of 8191 and 8193 comes out as 0, where 1 is
right. They become ±316, where the layers of PyTorch and Keras make ±1 of them.
"""

kind = "difference"
symptoms = """LayerNorm wrong for large mean shifted inputs, variance cancellation, LayerNorm
does not behave as documented"""
matters = """Epsilon is then all that is left to divide by, so the output is hundreds of times too
large. Residual blocks add up from layer to layer, and can leave such an offset."""
remedy = """Subtract the mean first, or pass `algorithm="stable"`, which JAX 0.10 has. Keras has the
same fault in its batch normalisation on PyTorch (see batchnorm_cancellation)."""
sources = [
    "jax/_src/nn/functions.py, standardize, algorithm",
    "torch/nn/modules/normalization.py, LayerNorm",
    "keras/src/layers/normalization/layer_normalization.py, LayerNormalization",
]
lessons = []

observed = {"numpy": 1.0, "torch": 1.0, "keras": 1.0, "jax": 316.22777}
tolerance = 2e-3  # Keras's epsilon takes off 5e-4; 8193 in float32 is known to 5e-4
round_off = 1e-5  # an epsilon of 1e-5 beside a variance of 1


def numpy():
    """The definition, in double precision."""

    import numpy as np

    X = np.array([8191.0, 8193.0])

    def default():
        """What 8193 becomes."""
        return float((X - X.mean())[-1] / X.std())

    return default, default  # nothing to change


def torch():
    """1 through the root of 1."""

    import torch

    def default():
        """What 8193 becomes."""
        row = torch.tensor([[8191.0, 8193.0]])
        return torch.nn.LayerNorm(2)(row)[0, -1].item()

    return default, default  # nothing to change


def keras():
    """1 through the root of 1, on every backend; the rest is epsilon."""

    import keras
    import numpy as np

    ROW = np.array([[8191.0, 8193.0]], dtype="float32")

    def default():
        """What 8193 becomes."""
        return float(keras.layers.LayerNormalization()(ROW)[0, -1])

    def matched():
        """With PyTorch's epsilon, after subtracting the mean."""
        layer = keras.layers.LayerNormalization(epsilon=1e-5)
        return float(layer(ROW - ROW.mean())[0, -1])

    return default, matched


def jax():
    """1 through the root of epsilon."""

    import jax
    import jax.numpy as jnp

    ROW = jnp.array([8191.0, 8193.0])

    def default():
        """What 8193 becomes."""
        return jax.nn.standardize(ROW)[-1].item()

    def matched():
        """After subtracting the mean."""
        return jax.nn.standardize(ROW - ROW.mean())[-1].item()

    return default, matched

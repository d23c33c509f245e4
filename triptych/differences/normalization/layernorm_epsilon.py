"""Layer normalisation's epsilon

1e-5 in PyTorch and in the function `jax.nn.standardize`, 1e-6 in Flax's layer, 1e-3 in Keras.
"""

kind = "difference"
symptoms = """nn.LayerNorm eps 1e-5, LayerNormalization epsilon 1e-3, BERT layer_norm_eps 1e-12,
flax LayerNorm epsilon 1e-6; small differences in a transformer"""
matters = """Transformers have a layer normalisation at every step, and published models use 1e-5,
1e-6 or 1e-12: a model rebuilt with Keras's default deviates more with every layer."""
remedy = """`LayerNormalization(epsilon=1e-5)` in Keras, `LayerNorm(epsilon=1e-5)` in Flax, or JAX's
function."""
sources = [
    "torch/nn/modules/normalization.py, LayerNorm, eps",
    "keras/src/layers/normalization/layer_normalization.py, LayerNormalization, epsilon",
    "jax/_src/nn/functions.py, standardize, epsilon",
    "flax/linen/normalization.py, LayerNorm, epsilon",
]
lessons = [8]

observed = {"torch": 0.9995004, "keras": 0.9534625, "jax": 0.9999499}
round_off = 1e-6  # the layers compute in float32


def torch():
    """ε is 1e-5."""

    import torch

    def default():
        """The output for 0.1, in a row of ±0.1."""
        return torch.nn.LayerNorm(2)(torch.tensor([[0.1, -0.1]]))[0, 0].item()

    return default, default  # nothing to change


def keras():
    """ε is 1e-3."""

    import keras
    import numpy as np

    def normalised(layer):
        """The output for 0.1, in a row of ±0.1."""
        output = layer(np.array([[0.1, -0.1]], dtype="float32"))
        return keras.ops.convert_to_numpy(output)[0, 0].item()

    def default():
        """With the default."""
        return normalised(keras.layers.LayerNormalization())

    def matched():
        """With PyTorch's."""
        return normalised(keras.layers.LayerNormalization(epsilon=1e-5))

    return default, matched


def jax():
    """ε is 1e-6 in Flax's layer, and 1e-5 in JAX's function."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    X = jnp.array([0.1, -0.1])

    def default():
        """The output for 0.1, in a row of ±0.1."""
        return nn.LayerNorm().init_with_output(jax.random.key(0), X)[0][0].item()

    def matched():
        """With PyTorch's, which is also the default of `jax.nn.standardize`."""
        return jax.nn.standardize(X)[0].item()

    return default, matched

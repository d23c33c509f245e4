"""Batch normalisation's epsilon

PyTorch and Flax add 1e-5 to the variance, Keras 1e-3. On a feature of variance 0.01 that is an
output 5 % smaller.
"""

kind = "difference"
symptoms = """batch norm epsilon 1e-3 1e-5, BatchNorm2d eps, BatchNormalization epsilon, small
differences after porting; flax BatchNorm epsilon"""
matters = """Features that vary little, such as pixels scaled to [0, 1], are noticeably shrunk by
Keras."""
remedy = "`BatchNormalization(epsilon=1e-5)`, or `nn.BatchNorm1d(n, eps=1e-3)`."
sources = [
    "torch/nn/modules/batchnorm.py, _NormBase, eps",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization, epsilon",
    "flax/linen/normalization.py, BatchNorm, epsilon",
]
lessons = []

observed = {"numpy": 1.0, "torch": 0.9995004, "keras": 0.9534625, "jax": 0.9995004}
round_off = 1e-6  # the layers compute in float32


def numpy():
    """The definition, with no epsilon at all."""

    import numpy as np

    def default():
        """The output for 0.1, in a batch of ±0.1: one standard deviation."""
        x = np.array([0.1, -0.1])
        return float(x[0] / x.std())

    return default


def torch():
    """ε is 1e-5."""

    import torch

    def default():
        """The output for 0.1, in a batch of ±0.1."""
        return torch.nn.BatchNorm1d(1)(torch.tensor([[0.1], [-0.1]]))[0].item()

    return default, default  # nothing to change


def keras():
    """ε is 1e-3."""

    import keras
    import numpy as np

    def normalised(layer):
        """The output for 0.1, in a batch of ±0.1."""
        output = layer(np.array([[0.1], [-0.1]], dtype="float32"), training=True)
        return keras.ops.convert_to_numpy(output)[0].item()

    def default():
        """With the default."""
        return normalised(keras.layers.BatchNormalization())

    def matched():
        """With PyTorch's."""
        return normalised(keras.layers.BatchNormalization(epsilon=1e-5))

    return default, matched


def jax():
    """Flax's ε is 1e-5."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The output for 0.1, in a batch of ±0.1."""
        layer = nn.BatchNorm(use_running_average=False)
        output, _ = layer.init_with_output(jax.random.key(0), jnp.array([[0.1], [-0.1]]))
        return output[0].item()

    return default, default  # nothing to change

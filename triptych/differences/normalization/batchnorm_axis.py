"""Batch normalisation: which axis holds the channels

For a batch of (2, 3, 5), PyTorch normalises 3 channels, those of axis 1; Keras and Flax normalise
5, those of the last axis.
"""

kind = "difference"
symptoms = """BatchNormalization axis=-1, BatchNorm2d channels axis 1, channels_first, flax
BatchNorm axis"""
matters = """Keras and Flax build themselves for whatever they get, so a batch with the channels
first is normalised over the wrong numbers, at every pixel or step, and nothing fails."""
remedy = """`BatchNormalization(axis=1)` and Flax's `BatchNorm(axis=1)` where the channels come
first."""
sources = [
    "torch/nn/modules/batchnorm.py, BatchNorm1d",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization, axis",
    "flax/linen/normalization.py, BatchNorm, axis",
]
lessons = []

observed = {"torch": 3, "keras": 5, "jax": 5}
round_off = 1e-6  # the layers compute in float32


def torch():
    """The channels are axis 1."""

    import torch

    def default():
        """How many running means there are after a batch of (2, 3, 5)."""
        layer = torch.nn.LazyBatchNorm1d()
        layer(torch.zeros(2, 3, 5))
        return layer.running_mean.shape[0]

    def matched():
        """The normalised numbers 0 … 29."""
        return torch.nn.BatchNorm1d(3)(torch.arange(30.0).reshape(2, 3, 5)).flatten().tolist()

    return default, matched


def keras():
    """The channels are the last axis."""

    import keras
    import numpy as np

    def default():
        """How many running means there are after a batch of (2, 3, 5)."""
        layer = keras.layers.BatchNormalization()
        layer(np.zeros((2, 3, 5), dtype="float32"), training=True)
        return int(layer.moving_mean.shape[0])

    def matched():
        """The normalised numbers 0 … 29, with PyTorch's epsilon."""
        layer = keras.layers.BatchNormalization(axis=1, epsilon=1e-5)
        output = layer(np.arange(30, dtype="float32").reshape(2, 3, 5), training=True)
        return keras.ops.convert_to_numpy(output).ravel().tolist()

    return default, matched


def jax():
    """Flax's channels are the last axis."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """How many running means there are after a batch of (2, 3, 5)."""
        layer = nn.BatchNorm(use_running_average=False)
        variables = layer.init(jax.random.key(0), jnp.zeros((2, 3, 5)))
        return variables["batch_stats"]["mean"].shape[0]

    def matched():
        """The normalised numbers 0 … 29."""
        layer = nn.BatchNorm(use_running_average=False, axis=1)
        x = jnp.arange(30.0).reshape(2, 3, 5)
        output, _ = layer.init_with_output(jax.random.key(0), x)
        return output.ravel().tolist()

    return default, matched

"""Batch normalisation's momentum: the weight of the past, or of the new batch

PyTorch's momentum of 0.1 is the weight of the new batch; the 0.99 of Keras and of Flax is the
weight of the past. After one batch of mean 1 the running mean is 0.1 in PyTorch and 0.01 in the
others.
"""

kind = "difference"
symptoms = """BatchNorm2d momentum 0.1, BatchNormalization momentum 0.99 0.9, running mean,
moving_mean, moving average; validation accuracy bad in eval mode; flax BatchNorm momentum 0.99"""
matters = """Copying the number inverts its meaning. And in short training runs the running
statistics of Keras and Flax are still mostly their initial values, so evaluation is far worse than
training."""
remedy = """`momentum_keras = 1 - momentum_torch`: `BatchNormalization(momentum=0.9)` in Keras and
`BatchNorm(momentum=0.9)` in Flax are PyTorch's default."""
sources = [
    "torch/nn/modules/batchnorm.py, _NormBase, momentum",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization, momentum",
    "flax/linen/normalization.py, BatchNorm, momentum",
]
lessons = []

observed = {"torch": 0.1, "keras": 0.01, "jax": 0.01}
round_off = 1e-6  # the layers compute in float32


def torch():
    """`momentum` is the share of the new."""

    import torch

    def default():
        """The running mean after one batch whose mean is 1."""
        layer = torch.nn.BatchNorm1d(1)
        layer(torch.ones(4, 1))
        return layer.running_mean.item()

    return default, default  # nothing to change


def keras():
    """`momentum` is the share of the old."""

    import keras
    import numpy as np

    def running_mean(layer):
        """The running mean after one batch whose mean is 1."""
        layer(np.ones((4, 1), dtype="float32"), training=True)
        return keras.ops.convert_to_numpy(layer.moving_mean).item()

    def default():
        """With the default, 0.99."""
        return running_mean(keras.layers.BatchNormalization())

    def matched():
        """With what PyTorch calls 0.1."""
        return running_mean(keras.layers.BatchNormalization(momentum=0.9))

    return default, matched


def jax():
    """Flax's `momentum` is the share of the old."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def running_mean(layer):
        """The running mean after one batch whose mean is 1."""
        x = jnp.ones((4, 1))
        variables = layer.init(jax.random.key(0), x)
        _, updated = layer.apply(variables, x, mutable=["batch_stats"])
        return updated["batch_stats"]["mean"].item()

    def default():
        """With the default, 0.99."""
        return running_mean(nn.BatchNorm(use_running_average=False))

    def matched():
        """With what PyTorch calls 0.1."""
        return running_mean(nn.BatchNorm(use_running_average=False, momentum=0.9))

    return default, matched

"""Batch normalisation's running variance: divided by n − 1 or by n

All normalise a batch by the variance over n. Into the running variance, PyTorch puts the one over n
− 1, Keras and Flax the one over n.
"""

kind = "difference"
symptoms = """running_var moving_variance unbiased, n - 1, batch norm running variance different,
flax batch_stats var"""
matters = """With small batches, evaluation differs: for 4 rows the stored variance by a third, the
outputs by 15 %."""
remedy = """Multiply the running variance of Keras or Flax by n/(n − 1), or PyTorch's by (n − 1)/n,
n being rows times pixels. Training is not affected: none uses it there."""
sources = [
    "torch/nn/modules/batchnorm.py, BatchNorm1d",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization",
    "flax/linen/normalization.py, BatchNorm.__call__, _compute_stats",
]
lessons = []

observed = {"torch": 1.666667, "keras": 1.25, "jax": 1.25}
round_off = 1e-6  # the layers compute in float32


def torch():
    """The running variance is the unbiased one."""

    import torch

    X = torch.tensor([[1.0], [2.0], [3.0], [4.0]])

    def default():
        """The running variance after this batch, with a momentum that keeps nothing of the past."""
        layer = torch.nn.BatchNorm1d(1, momentum=1.0)
        layer(X)
        return layer.running_var.item()

    def matched():
        """The one over n."""
        return default() * (len(X) - 1) / len(X)

    return default, matched


def keras():
    """The running variance is the one of the batch, over n."""

    import keras
    import numpy as np

    def default():
        """The running variance after this batch, with a momentum that keeps nothing of the past."""
        layer = keras.layers.BatchNormalization(momentum=0.0)
        layer(np.array([[1.0], [2.0], [3.0], [4.0]], dtype="float32"), training=True)
        return keras.ops.convert_to_numpy(layer.moving_variance).item()

    return default, default  # nothing to change


def jax():
    """Flax's running variance is the one of the batch, over n."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The running variance after this batch, with a momentum that keeps nothing of the past."""
        x = jnp.array([[1.0], [2.0], [3.0], [4.0]])
        layer = nn.BatchNorm(use_running_average=False, momentum=0.0)
        _, updated = layer.apply(layer.init(jax.random.key(0), x), x, mutable=["batch_stats"])
        return updated["batch_stats"]["var"].item()

    return default, default  # nothing to change

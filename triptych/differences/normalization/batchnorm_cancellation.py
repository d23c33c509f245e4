"""The variance of numbers that are large and close together

Keras on PyTorch, and Flax unless `use_fast_variance=False`, compute the variance of a batch as
mean(x²) − mean(x)², in which large numbers cancel: of 10000, 10001, 10002, 10003 it came out as 0,
where 1.25 is right. PyTorch itself, and Keras on TensorFlow and JAX, subtract the mean first.
"""

kind = "difference"
symptoms = """batch norm of large numbers, variance negative or zero, catastrophic cancellation,
E[x^2] - E[x]^2, use_fast_variance flax"""
matters = """On features with a large offset, such as years or temperatures in kelvin, the layer
then multiplies by up to 1/√ε, 32 in Keras and 316 in Flax, where it should divide."""
remedy = """Subtract the mean of the training data from the inputs, which is good practice in any
case; in Flax `BatchNorm(use_fast_variance=False)`."""
sources = [
    "keras/src/backend/torch/nn.py, moments",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization",
    "torch/nn/modules/batchnorm.py, BatchNorm1d",
    "flax/linen/normalization.py, _compute_stats, use_fast_variance",
]
lessons = []

observed = {"numpy": True, "torch": True, "keras": True, "keras-torch": False, "jax": False}
round_off = 1e-6  # the entry is about float32


def numpy():
    """The mean is subtracted before squaring."""

    import numpy as np

    X = np.array([10000, 10001, 10002, 10003], dtype="float32")

    def default():
        """Whether the variance of 10000 to 10003 comes out as 1.25."""
        return bool(abs(X.var() - 1.25) < 0.1)

    def matched():
        """After subtracting 10000."""
        return float((X - 10000).var())

    return default, matched


def torch():
    """The mean is subtracted before squaring."""

    import torch

    X = torch.tensor([[10000.0], [10001.0], [10002.0], [10003.0]])

    def variance(x):
        """The running variance after this batch, over n."""
        layer = torch.nn.BatchNorm1d(1, momentum=1.0)
        layer(x)
        return layer.running_var.item() * 3 / 4

    def default():
        """Whether the variance of 10000 to 10003 comes out as 1.25."""
        return abs(variance(X) - 1.25) < 0.1

    def matched():
        """After subtracting 10000."""
        return variance(X - 10000)

    return default, matched


def keras():
    """On PyTorch the square of the mean is subtracted from the mean of the squares."""

    import keras
    import numpy as np

    X = np.array([[10000], [10001], [10002], [10003]], dtype="float32")

    def variance(x):
        """The running variance after this batch, over n."""
        layer = keras.layers.BatchNormalization(momentum=0.0)
        layer(x, training=True)
        return keras.ops.convert_to_numpy(layer.moving_variance).item()

    def default():
        """Whether the variance of 10000 to 10003 comes out as 1.25."""
        return abs(variance(X) - 1.25) < 0.1

    def matched():
        """After subtracting 10000."""
        return variance(X - 10000)

    return default, matched


def jax():
    """Flax subtracts the square of the mean from the mean of the squares."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    X = jnp.array([[10000.0], [10001.0], [10002.0], [10003.0]])

    def variance(x, **options):
        """The running variance after this batch, over n."""
        layer = nn.BatchNorm(use_running_average=False, momentum=0.0, **options)
        _, updated = layer.apply(layer.init(jax.random.key(0), x), x, mutable=["batch_stats"])
        return updated["batch_stats"]["var"].item()

    def default():
        """Whether the variance of 10000 to 10003 comes out as 1.25."""
        return abs(variance(X) - 1.25) < 0.1

    def matched():
        """Without the short cut."""
        return variance(X, use_fast_variance=False)

    return default, matched

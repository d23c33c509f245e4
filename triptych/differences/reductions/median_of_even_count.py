"""The median of an even count

Of 1, 2, 3, 4 PyTorch's median is 2, the lower of the two in the middle; NumPy, Keras and JAX give
2.5.
"""

kind = "difference"
symptoms = "torch.median even, lower median, quantile"
matters = "A threshold or a robust loss built on the median is biased downwards in PyTorch."
remedy = "`torch.quantile(x, 0.5)`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.median.html",
    "keras/src/ops/numpy.py, median",
    "jax/_src/numpy/reductions.py, median",
]
lessons = []

observed = {"numpy": 2.5, "torch": 2.0, "keras": 2.5, "jax": 2.5}


def numpy():
    """The mean of the two in the middle."""

    import numpy as np

    def default():
        """The median of 1, 2, 3, 4."""
        return float(np.median([1.0, 2.0, 3.0, 4.0]))

    return default, default  # nothing to change


def torch():
    """The lower of the two in the middle."""

    import torch

    def default():
        """The median of 1, 2, 3, 4."""
        return torch.tensor([1.0, 2.0, 3.0, 4.0]).median().item()

    def matched():
        """The quantile of ½ interpolates."""
        return torch.tensor([1.0, 2.0, 3.0, 4.0]).quantile(0.5).item()

    return default, matched


def keras():
    """The mean of the two in the middle, also on PyTorch."""

    import keras

    def default():
        """The median of 1, 2, 3, 4."""
        return float(keras.ops.median(keras.ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0])))

    return default, default  # nothing to change


def jax():
    """The mean of the two in the middle."""

    import jax.numpy as jnp

    def default():
        """The median of 1, 2, 3, 4."""
        return float(jnp.median(jnp.array([1.0, 2.0, 3.0, 4.0])))

    return default, default  # nothing to change

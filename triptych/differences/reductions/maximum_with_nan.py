"""The maximum where there is a NaN

In 1, NaN, 3 the largest number is NaN everywhere, in TensorFlow too, although its argmax skips NaN
(see argmax_with_nan).
"""

from math import nan

kind = "agreement"
symptoms = "max nan, np.nanmax, reduce_max ignores nan"
matters = """C and older NumPy functions such as `fmax` skip NaN, so one might expect a difference
here."""
remedy = "None is needed."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.amax.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.max.html",
    "tensorflow/python/ops/math_ops.py, reduce_max",
    "jax/_src/numpy/reductions.py, max",
]
lessons = []

observed = {"numpy": nan, "torch": nan, "tensorflow": nan, "keras": nan, "jax": nan}


def numpy():
    """NaN wins."""

    import numpy as np

    def default():
        """The maximum of 1, NaN, 3."""
        return float(np.max([1.0, np.nan, 3.0]))

    return default


def torch():
    """NaN wins."""

    import torch

    def default():
        """The maximum of 1, NaN, 3."""
        return torch.tensor([1.0, torch.nan, 3.0]).max().item()

    return default


def tensorflow():
    """NaN wins."""

    import tensorflow as tf

    def default():
        """The maximum of 1, NaN, 3."""
        return float(tf.reduce_max([1.0, float("nan"), 3.0]))

    return default


def keras():
    """NaN wins."""

    import keras

    def default():
        """The maximum of 1, NaN, 3."""
        return float(keras.ops.max(keras.ops.convert_to_tensor([1.0, float("nan"), 3.0])))

    return default


def jax():
    """NaN wins."""

    import jax.numpy as jnp

    def default():
        """The maximum of 1, NaN, 3."""
        return float(jnp.max(jnp.array([1.0, jnp.nan, 3.0])))

    return default

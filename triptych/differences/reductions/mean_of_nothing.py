"""The mean of no numbers is NaN

PyTorch, TensorFlow, Keras and JAX give NaN silently; NumPy gives NaN and warns.
"""

from math import nan

kind = "agreement"
symptoms = "mean of empty slice nan, empty batch, loss nan when no positives"
matters = "A loss over an empty batch is NaN, and its step makes every weight NaN."
remedy = "None is needed to agree; drop empty batches."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.mean.html",
    "tensorflow/python/ops/math_ops.py, reduce_mean",
    "jax/_src/numpy/reductions.py, mean",
]
lessons = []

observed = {"numpy": nan, "torch": nan, "tensorflow": nan, "keras": nan, "jax": nan}


def numpy():
    """NaN, with a warning."""

    import warnings

    import numpy as np

    def default():
        """The mean of an empty array."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(np.mean(np.zeros(0)))

    return default


def torch():
    """NaN."""

    import torch

    def default():
        """The mean of an empty tensor."""
        return torch.zeros(0).mean().item()

    return default


def tensorflow():
    """NaN."""

    import tensorflow as tf

    def default():
        """The mean of an empty tensor."""
        return float(tf.reduce_mean(tf.zeros(0)))

    return default


def keras():
    """NaN."""

    import keras

    def default():
        """The mean of an empty tensor."""
        return float(keras.ops.mean(keras.ops.zeros((0,))))

    return default


def jax():
    """NaN."""

    import jax.numpy as jnp

    def default():
        """The mean of an empty array."""
        return float(jnp.mean(jnp.zeros(0)))

    return default

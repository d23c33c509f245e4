"""Gathering a row that does not exist

Looking up row 5 in a table of 3 is an error in NumPy, PyTorch and TensorFlow; `jnp.take` gives NaN.
Keras depends on its backend.
"""

from math import nan

kind = "difference"
symptoms = """np.take mode, jnp.take fill nan, tf.gather out of bounds zeros, embedding index
out of range"""
matters = """A word beyond the vocabulary stops the training in three frameworks; in JAX its
embedding is NaN, and so is everything computed from it."""
remedy = """Check the largest index in NumPy, before any framework sees it: `assert i.max() <
len(table)`."""
sources = [
    "jax/_src/numpy/indexing.py, take",
    "https://docs.pytorch.org/docs/stable/generated/torch.index_select.html",
    "tensorflow/python/ops/array_ops.py, gather",
    "keras/src/ops/numpy.py, take",
]
lessons = []

observed = {
    "numpy": {"raises": "IndexError"},
    "torch": {"raises": "IndexError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": {"raises": "InvalidArgumentError"},
    "keras-torch": {"raises": "IndexError"},
    "keras-jax": nan,
    "jax": nan,
}


def numpy():
    """An error."""

    import numpy as np

    X = np.array([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(np.take(X, 5))

    def matched():
        """The last one, with `mode="clip"`."""
        return float(np.take(X, 5, mode="clip"))

    return default, matched


def torch():
    """An error."""

    import torch

    X = torch.tensor([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return torch.index_select(X, 0, torch.tensor([5]))[0].item()

    def matched():
        """With the index clipped."""
        return torch.index_select(X, 0, torch.tensor([5]).clamp(max=2))[0].item()

    return default, matched


def tensorflow():
    """An error on a CPU."""

    import tensorflow as tf

    X = tf.constant([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(tf.gather(X, 5))

    def matched():
        """With the index clipped."""
        return float(tf.gather(X, tf.minimum(5, 2)))

    return default, matched


def keras():
    """It depends on the backend."""

    import keras

    X = keras.ops.convert_to_tensor([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(keras.ops.take(X, keras.ops.convert_to_tensor(5)))

    def matched():
        """With the index clipped."""
        return float(keras.ops.take(X, keras.ops.minimum(keras.ops.convert_to_tensor(5), 2)))

    return default, matched


def jax():
    """NaN."""

    import jax.numpy as jnp

    X = jnp.array([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(jnp.take(X, 5))

    def matched():
        """The last one, with `mode="clip"`."""
        return float(jnp.take(X, 5, mode="clip"))

    return default, matched

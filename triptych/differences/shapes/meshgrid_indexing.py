"""A grid of points: which axis comes first

From 2 and 3 coordinates, `meshgrid` makes arrays of (3, 2) in NumPy, TensorFlow, Keras and JAX
("xy"), of (2, 3) in PyTorch ("ij").
"""

kind = "difference"
symptoms = "meshgrid indexing ij xy, UserWarning torch.meshgrid"
matters = """On a square grid of positions or of a loss surface, rows and columns change places
without an error."""
remedy = """Set it explicitly: `indexing="ij"` in all of them. PyTorch warns that its default will
change."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.meshgrid.html",
    "https://numpy.org/doc/stable/reference/generated/numpy.meshgrid.html",
    "tensorflow/python/ops/array_ops.py, meshgrid",
    "keras/src/ops/numpy.py, meshgrid",
]
lessons = []

observed = {"numpy": [3, 2], "torch": [2, 3], "tensorflow": [3, 2], "keras": [3, 2], "jax": [3, 2]}


def numpy():
    """By columns: "xy"."""

    import numpy as np

    def default():
        """The shape for 2 and 3 coordinates."""
        return list(np.meshgrid(np.zeros(2), np.zeros(3))[0].shape)

    def matched():
        """By rows."""
        return list(np.meshgrid(np.zeros(2), np.zeros(3), indexing="ij")[0].shape)

    return default, matched


def torch():
    """By rows: "ij"."""

    import warnings

    import torch

    def default():
        """The shape for 2 and 3 coordinates."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(torch.meshgrid(torch.zeros(2), torch.zeros(3))[0].shape)

    def matched():
        """By rows, without the warning."""
        return list(torch.meshgrid(torch.zeros(2), torch.zeros(3), indexing="ij")[0].shape)

    return default, matched


def tensorflow():
    """By columns: "xy"."""

    import tensorflow as tf

    def default():
        """The shape for 2 and 3 coordinates."""
        return list(tf.meshgrid(tf.zeros(2), tf.zeros(3))[0].shape)

    def matched():
        """By rows."""
        return list(tf.meshgrid(tf.zeros(2), tf.zeros(3), indexing="ij")[0].shape)

    return default, matched


def keras():
    """By columns: "xy", also on PyTorch."""

    import keras

    def default():
        """The shape for 2 and 3 coordinates."""
        return list(keras.ops.meshgrid(keras.ops.zeros(2), keras.ops.zeros(3))[0].shape)

    def matched():
        """By rows."""
        x, y = keras.ops.zeros(2), keras.ops.zeros(3)
        return list(keras.ops.meshgrid(x, y, indexing="ij")[0].shape)

    return default, matched


def jax():
    """By columns: "xy"."""

    import jax.numpy as jnp

    def default():
        """The shape for 2 and 3 coordinates."""
        return list(jnp.meshgrid(jnp.zeros(2), jnp.zeros(3))[0].shape)

    def matched():
        """By rows."""
        return list(jnp.meshgrid(jnp.zeros(2), jnp.zeros(3), indexing="ij")[0].shape)

    return default, matched

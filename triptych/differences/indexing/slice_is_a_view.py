"""Writing into a slice

A slice of a NumPy array or a PyTorch tensor is a view: writing into it changes the whole.
TensorFlow's and JAX's arrays cannot be written into at all and raise a TypeError.
"""

kind = "difference"
symptoms = """slice is a view, in-place assignment does not support item assignment, x[0]
changes the original, jax arrays are immutable"""
matters = """A function that normalises its argument in place ruins the data of its caller in two
frameworks."""
remedy = """Copy before writing: `x[:2].copy()`, `x[:2].clone()`; in JAX `x.at[0].set(9)` makes the
new array, in TensorFlow `tf.tensor_scatter_nd_update`."""
sources = [
    "https://docs.pytorch.org/docs/stable/tensor_view.html",
    "https://numpy.org/doc/stable/user/basics.copies.html",
    "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html",
]
lessons = []

observed = {
    "numpy": 9.0,
    "torch": 9.0,
    "tensorflow": {"raises": "TypeError"},
    "jax": {"raises": "TypeError"},
}


def numpy():
    """A slice shares its memory."""

    import numpy as np

    def default():
        """The first number of the whole after 9 was written into a slice."""
        x = np.zeros(4)
        part = x[:2]
        part[0] = 9.0
        return float(x[0])

    def matched():
        """After 9 was written into a copy."""
        x = np.zeros(4)
        part = x[:2].copy()
        part[0] = 9.0
        return float(x[0])

    return default, matched


def torch():
    """A slice shares its memory."""

    import torch

    def default():
        """The first number of the whole after 9 was written into a slice."""
        x = torch.zeros(4)
        part = x[:2]
        part[0] = 9.0
        return x[0].item()

    def matched():
        """After 9 was written into a copy."""
        x = torch.zeros(4)
        part = x[:2].clone()
        part[0] = 9.0
        return x[0].item()

    return default, matched


def tensorflow():
    """A tensor does not change."""

    import tensorflow as tf

    def default():
        """The first number of the whole after 9 was written into a slice."""
        x = tf.zeros(4)
        part = x[:2]
        part[0] = 9.0
        return float(x[0])

    def matched():
        """After 9 was written into a copy."""
        x = tf.zeros(4)
        tf.tensor_scatter_nd_update(x[:2], [[0]], [9.0])
        return float(x[0])

    return default, matched


def jax():
    """An array does not change."""

    import jax.numpy as jnp

    def default():
        """The first number of the whole after 9 was written into a slice."""
        x = jnp.zeros(4)
        part = x[:2]
        part[0] = 9.0
        return float(x[0])

    def matched():
        """After 9 was written into a copy."""
        x = jnp.zeros(4)
        x[:2].at[0].set(9.0)
        return float(x[0])

    return default, matched

"""The unique values: sorted or in order of appearance

Of 3, 1, 3 NumPy, PyTorch and JAX list 1, 3; TensorFlow lists them in order of appearance, 3, 1.
"""

kind = "difference"
symptoms = "unique sorted, tf.unique order of appearance, unique_consecutive"
matters = "Class numbers made from the list are permuted, and so is every prediction."
remedy = "`tf.sort(tf.unique(x).y)`."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.unique.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.unique.html",
    "tensorflow/python/ops/array_ops.py, unique",
    "jax/_src/numpy/setops.py, unique",
]
lessons = []

observed = {"numpy": [1, 3], "torch": [1, 3], "tensorflow": [3, 1], "jax": [1, 3]}


def numpy():
    """Sorted."""

    import numpy as np

    def default():
        """Of 3, 1, 3."""
        return np.unique([3, 1, 3]).tolist()

    return default, default  # nothing to change


def torch():
    """Sorted."""

    import torch

    def default():
        """Of 3, 1, 3."""
        return torch.unique(torch.tensor([3, 1, 3])).tolist()

    return default, default  # nothing to change


def tensorflow():
    """In order of appearance."""

    import tensorflow as tf

    def default():
        """Of 3, 1, 3."""
        return tf.unique([3, 1, 3]).y.numpy().tolist()

    def matched():
        """Sorted."""
        return tf.sort(tf.unique([3, 1, 3]).y).numpy().tolist()

    return default, matched


def jax():
    """Sorted."""

    import jax.numpy as jnp

    def default():
        """Of 3, 1, 3."""
        return jnp.unique(jnp.array([3, 1, 3])).tolist()

    return default, default  # nothing to change

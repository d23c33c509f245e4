"""Splitting: into two, or into twos

`split(x, 2)` of six numbers gives 2 parts in NumPy, TensorFlow, Keras and JAX; in PyTorch 2 is the
size of a part, and there are 3.
"""

kind = "difference"
symptoms = "torch.split sizes, np.split sections, tf.split, chunk"
matters = """Data meant to be split in halves is split in pairs; an unpacking `a, b = …` catches it,
an index does not."""
remedy = "`torch.tensor_split(x, 2)`, which counts parts."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.split.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.tensor_split.html",
    "https://numpy.org/doc/stable/reference/generated/numpy.split.html",
    "tensorflow/python/ops/array_ops.py, split",
    "keras/src/ops/numpy.py, split",
]
lessons = []

observed = {"numpy": 2, "torch": 3, "tensorflow": 2, "keras": 2, "jax": 2}


def numpy():
    """Two parts."""

    import numpy as np

    def default():
        """The number of parts."""
        return len(np.split(np.arange(6), 2))

    return default, default  # nothing to change


def torch():
    """Parts of two."""

    import torch

    def default():
        """The number of parts."""
        return len(torch.split(torch.arange(6), 2))

    def matched():
        """Two parts."""
        return len(torch.tensor_split(torch.arange(6), 2))

    return default, matched


def tensorflow():
    """Two parts."""

    import tensorflow as tf

    def default():
        """The number of parts."""
        return len(tf.split(tf.range(6), 2))

    return default, default  # nothing to change


def keras():
    """Two parts."""

    import keras

    def default():
        """The number of parts."""
        return len(keras.ops.split(keras.ops.arange(6), 2))

    return default, default  # nothing to change


def jax():
    """Two parts."""

    import jax.numpy as jnp

    def default():
        """The number of parts."""
        return len(jnp.split(jnp.arange(6), 2))

    return default, default  # nothing to change

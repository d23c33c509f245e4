"""argmax of a tie is the first

In 1, 3, 3 all six frameworks point at the first 3.
"""

kind = "agreement"
symptoms = "argmax of equal values, first index, ties, predictions differ"
matters = """Ties are common before training, when all scores are 0: then every row is predicted to
be of class 0, everywhere."""
remedy = "None is needed. PyTorch alone does not promise it for all devices."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.argmax.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.argmax.html",
    "tensorflow/python/ops/math_ops.py, argmax_v2",
]
lessons = []

observed = {"numpy": 1, "torch": 1, "tensorflow": 1, "keras": 1, "jax": 1, "pytensor": 1}


def numpy():
    """The first."""

    import numpy as np

    def default():
        """Where the maximum of 1, 3, 3 is."""
        return int(np.argmax([1.0, 3.0, 3.0]))

    return default


def torch():
    """The first."""

    import torch

    def default():
        """Where the maximum of 1, 3, 3 is."""
        return torch.tensor([1.0, 3.0, 3.0]).argmax().item()

    return default


def tensorflow():
    """The first."""

    import tensorflow as tf

    def default():
        """Where the maximum of 1, 3, 3 is."""
        return int(tf.argmax([1.0, 3.0, 3.0]))

    return default


def keras():
    """The first."""

    import keras

    def default():
        """Where the maximum of 1, 3, 3 is."""
        return int(keras.ops.argmax(keras.ops.convert_to_tensor([1.0, 3.0, 3.0])))

    return default


def jax():
    """The first."""

    import jax.numpy as jnp

    def default():
        """Where the maximum of 1, 3, 3 is."""
        return int(jnp.argmax(jnp.array([1.0, 3.0, 3.0])))

    return default


def pytensor():
    """The first."""

    import pytensor.tensor as pt

    def default():
        """Where the maximum of 1, 3, 3 is."""
        return int(pt.argmax(pt.constant([1.0, 3.0, 3.0])).eval())

    return default

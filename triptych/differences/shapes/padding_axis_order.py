"""Padding: the first axis first, or the last

The widths 1 and 2, 3 and 4 pad a number to a shape of (4, 8) in NumPy, TensorFlow, Keras, JAX and
PyTensor, which take a pair for each axis from the first. PyTorch's `pad` takes the pairs from the
last axis backwards and makes (8, 4).
"""

kind = "difference"
symptoms = "F.pad order last dimension first, tf.pad paddings, np.pad, pad argument order"
matters = """Square images padded alike on both axes hide it. Otherwise the picture moves sideways
instead of down, in the size that was expected if the sums of the pairs are equal."""
remedy = "Turn the pairs round: `torch.nn.functional.pad(x, (3, 4, 1, 2))`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html",
    "https://numpy.org/doc/stable/reference/generated/numpy.pad.html",
    "https://www.tensorflow.org/api_docs/python/tf/pad",
    "jax/_src/numpy/lax_numpy.py, pad",
]
lessons = []

observed = {
    "numpy": [4, 8],
    "torch": [8, 4],
    "tensorflow": [4, 8],
    "keras": [4, 8],
    "jax": [4, 8],
    "pytensor": [4, 8],
}


def numpy():
    """From the first axis."""

    import numpy as np

    def default():
        """The shape of one number, padded by 1 and 2, 3 and 4."""
        return list(np.pad(np.ones((1, 1)), ((1, 2), (3, 4))).shape)

    return default, default  # nothing to change


def torch():
    """From the last axis, without brackets."""

    import torch

    def default():
        """The shape of one number, padded by 1 and 2, 3 and 4."""
        return list(torch.nn.functional.pad(torch.ones(1, 1), (1, 2, 3, 4)).shape)

    def matched():
        """With the pairs turned round."""
        return list(torch.nn.functional.pad(torch.ones(1, 1), (3, 4, 1, 2)).shape)

    return default, matched


def tensorflow():
    """From the first axis."""

    import tensorflow as tf

    def default():
        """The shape of one number, padded by 1 and 2, 3 and 4."""
        return list(tf.pad(tf.ones((1, 1)), ((1, 2), (3, 4))).shape)

    return default, default  # nothing to change


def keras():
    """From the first axis, on every backend."""

    import keras
    import numpy as np

    def default():
        """The shape of one number, padded by 1 and 2, 3 and 4."""
        padded = keras.ops.pad(np.ones((1, 1), dtype="float32"), ((1, 2), (3, 4)))
        return list(padded.shape)

    return default, default  # nothing to change


def jax():
    """From the first axis."""

    import jax.numpy as jnp

    def default():
        """The shape of one number, padded by 1 and 2, 3 and 4."""
        return list(jnp.pad(jnp.ones((1, 1)), ((1, 2), (3, 4))).shape)

    return default, default  # nothing to change


def pytensor():
    """From the first axis."""

    import pytensor.tensor as pt

    def default():
        """The shape of one number, padded by 1 and 2, 3 and 4."""
        return list(pt.pad(pt.ones((1, 1)), ((1, 2), (3, 4))).eval().shape)

    return default, default  # nothing to change

"""The mean of many float16 numbers

Of 70,000 ones, PyTorch, NumPy, Keras, JAX and PyTensor give 1: they add up in float32. TensorFlow's
`reduce_mean` divides a sum of ∞ by a count of ∞, since 65504 is the largest float16, and gives NaN.
"""

from math import nan

kind = "difference"
symptoms = "float16 mean overflow inf, half precision mean, mixed precision"
matters = """Losses over the pixels of a batch, or over its words, have so many terms. TensorFlow's
is lost where the others' is right, in a network that runs in float16."""
remedy = "`tf.cast(x, tf.float32)` before the mean; Keras's `ops.mean` does it."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.mean.html (notes on float16)",
    "https://www.tensorflow.org/api_docs/python/tf/math/reduce_mean",
    "keras/src/backend/tensorflow/numpy.py, mean",
    "jax/_src/numpy/reductions.py, mean",
]
lessons = []

observed = {
    "numpy": 1.0,
    "torch": 1.0,
    "tensorflow": nan,
    "keras": 1.0,
    "jax": 1.0,
    "pytensor": 1.0,
}


def numpy():
    """In float32."""

    import numpy as np

    def default():
        """Of 70,000 ones."""
        return float(np.ones(70_000, dtype="float16").mean())

    return default, default  # nothing to change


def torch():
    """In float32."""

    import torch

    def default():
        """Of 70,000 ones."""
        return torch.ones(70_000, dtype=torch.float16).mean().item()

    return default, default  # nothing to change


def tensorflow():
    """In float16."""

    import tensorflow as tf

    X = tf.ones(70_000, tf.float16)

    def default():
        """Of 70,000 ones."""
        return float(tf.reduce_mean(X))

    def matched():
        """In float32."""
        return float(tf.reduce_mean(tf.cast(X, tf.float32)))

    return default, matched


def keras():
    """In float32, on every backend."""

    import keras
    import numpy as np

    def default():
        """Of 70,000 ones."""
        return float(keras.ops.mean(np.ones(70_000, dtype="float16")))

    return default, default  # nothing to change


def jax():
    """In float32."""

    import jax.numpy as jnp

    def default():
        """Of 70,000 ones."""
        return float(jnp.ones(70_000, dtype="float16").mean())

    return default, default  # nothing to change


def pytensor():
    """In a wider dtype than float16."""

    import numpy as np
    import pytensor.tensor as pt

    def default():
        """Of 70,000 ones."""
        return float(pt.constant(np.ones(70_000, dtype="float16")).mean().eval())

    return default, default  # nothing to change

"""The sum of small integers

Three times 100 in int8 is 300 in NumPy, PyTorch, Keras, JAX and PyTensor, which sum in a wider
dtype; TensorFlow sums in int8 and gives 44.
"""

kind = "difference"
symptoms = """sum overflow int8 uint8, wraps around, negative sum of pixels; reduce_sum of uint8"""
matters = "Counting pixels or correct answers in a narrow dtype overflows without a warning."
remedy = "`tf.reduce_sum(tf.cast(x, tf.int32))`."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.sum.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.sum.html",
    "tensorflow/python/ops/math_ops.py, reduce_sum",
    "keras/src/ops/numpy.py, sum",
]
lessons = []

observed = {"numpy": 300, "torch": 300, "tensorflow": 44, "keras": 300, "jax": 300, "pytensor": 300}


def numpy():
    """Sums are at least as wide as the machine's integers."""

    import numpy as np

    def default():
        """100 + 100 + 100."""
        return int(np.array([100, 100, 100], dtype="int8").sum())

    return default, default  # nothing to change


def torch():
    """Sums of integers are int64."""

    import torch

    def default():
        """100 + 100 + 100."""
        return torch.tensor([100, 100, 100], dtype=torch.int8).sum().item()

    return default, default  # nothing to change


def tensorflow():
    """A sum has the dtype of what is summed."""

    import tensorflow as tf

    X = tf.constant([100, 100, 100], tf.int8)

    def default():
        """100 + 100 + 100."""
        return int(tf.reduce_sum(X))

    def matched():
        """In int32."""
        return int(tf.reduce_sum(tf.cast(X, tf.int32)))

    return default, matched


def keras():
    """Sums are at least int32, also on TensorFlow."""

    import keras

    def default():
        """100 + 100 + 100."""
        return int(keras.ops.sum(keras.ops.convert_to_tensor([100, 100, 100], dtype="int8")))

    return default, default  # nothing to change


def jax():
    """Sums are at least int32."""

    import jax.numpy as jnp

    def default():
        """100 + 100 + 100."""
        return int(jnp.array([100, 100, 100], dtype="int8").sum())

    return default, default  # nothing to change


def pytensor():
    """Sums of integers are int64."""

    import numpy as np
    import pytensor.tensor as pt

    def default():
        """100 + 100 + 100."""
        return int(pt.sum(pt.constant(np.array([100, 100, 100], dtype="int8"))).eval())

    return default, default  # nothing to change

"""The mean of integers

Of 1 and 2, NumPy, Keras, JAX and PyTensor give 1.5; TensorFlow keeps integers and gives 1; PyTorch
raises a RuntimeError.
"""

kind = "difference"
symptoms = """mean of integers, mean(): input dtype should be floating point, tf.reduce_mean of
int rounds down"""
matters = "PyTorch's error says what to do; TensorFlow's 1 goes unnoticed."
remedy = "Cast first: `tf.cast(x, tf.float32)`, `x.float()`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.mean.html",
    "tensorflow/python/ops/math_ops.py, reduce_mean",
    "keras/src/ops/numpy.py, mean",
]
lessons = []

observed = {
    "numpy": 1.5,
    "torch": {"raises": "RuntimeError"},
    "tensorflow": 1.0,
    "keras": 1.5,
    "jax": 1.5,
    "pytensor": 1.5,
}


def numpy():
    """A float."""

    import numpy as np

    def default():
        """The mean of 1 and 2."""
        return float(np.mean(np.array([1, 2])))

    return default, default  # nothing to change


def torch():
    """An error that says to cast."""

    import torch

    def default():
        """The mean of 1 and 2."""
        return torch.tensor([1, 2]).mean().item()

    def matched():
        """After a cast."""
        return torch.tensor([1, 2]).float().mean().item()

    return default, matched


def tensorflow():
    """Integer division."""

    import tensorflow as tf

    def default():
        """The mean of 1 and 2."""
        return float(tf.reduce_mean([1, 2]))

    def matched():
        """After a cast."""
        return float(tf.reduce_mean(tf.cast([1, 2], tf.float32)))

    return default, matched


def keras():
    """A float, on every backend."""

    import keras

    def default():
        """The mean of 1 and 2."""
        return float(keras.ops.mean(keras.ops.convert_to_tensor([1, 2])))

    return default, default  # nothing to change


def jax():
    """A float."""

    import jax.numpy as jnp

    def default():
        """The mean of 1 and 2."""
        return float(jnp.mean(jnp.array([1, 2])))

    return default, default  # nothing to change


def pytensor():
    """A float."""

    import pytensor.tensor as pt

    def default():
        """The mean of 1 and 2."""
        return float(pt.mean(pt.constant([1, 2])).eval())

    return default, default  # nothing to change

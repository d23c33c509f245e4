"""Accuracy as the mean of right and wrong

`mean(predicted == y)` is 0.5 for one right of two in NumPy, Keras and JAX; PyTorch and TensorFlow
raise an error, since a boolean is not a number there.
"""

kind = "difference"
symptoms = """accuracy (pred == y).mean(), mean(): could not infer output dtype, Input dtype
must be either a floating point; accuracy always 0"""
matters = "It is the first line everyone writes after training."
remedy = "`(predicted == y).float().mean()`, `tf.reduce_mean(tf.cast(predicted == y, tf.float32))`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.mean.html",
    "tensorflow/python/ops/math_ops.py, reduce_mean",
    "jax/_src/numpy/reductions.py, mean",
]
lessons = []

observed = {
    "numpy": 0.5,
    "torch": {"raises": "RuntimeError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": 0.5,
    "jax": 0.5,
}


def numpy():
    """True counts as 1."""

    import numpy as np

    def default():
        """One right of two."""
        return float((np.array([0, 1]) == np.array([0, 0])).mean())

    return default, default  # nothing to change


def torch():
    """A boolean has no mean."""

    import torch

    RIGHT = torch.tensor([0, 1]) == torch.tensor([0, 0])

    def default():
        """One right of two."""
        return RIGHT.mean().item()

    def matched():
        """After a cast."""
        return RIGHT.float().mean().item()

    return default, matched


def tensorflow():
    """A boolean has no mean."""

    import tensorflow as tf

    RIGHT = tf.constant([0, 1]) == tf.constant([0, 0])

    def default():
        """One right of two."""
        return float(tf.reduce_mean(RIGHT))

    def matched():
        """After a cast."""
        return float(tf.reduce_mean(tf.cast(RIGHT, tf.float32)))

    return default, matched


def keras():
    """True counts as 1."""

    import keras

    def default():
        """One right of two."""
        predicted, y = keras.ops.convert_to_tensor([0, 1]), keras.ops.convert_to_tensor([0, 0])
        return float(keras.ops.mean(predicted == y))

    return default, default  # nothing to change


def jax():
    """True counts as 1."""

    import jax.numpy as jnp

    def default():
        """One right of two."""
        return float((jnp.array([0, 1]) == jnp.array([0, 0])).mean())

    return default, default  # nothing to change

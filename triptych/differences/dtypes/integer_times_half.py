"""An integer times 0.5

An integer tensor times the Python number 0.5 is 1.5 for 3 in NumPy, PyTorch and JAX; TensorFlow
raises an error, since 0.5 is not an int32.
"""

kind = "difference"
symptoms = "integer array times 0.5, dtype of the product, bfloat16 weak type"
matters = "Scaling pixels by `/ 255` works everywhere, by `* (1 / 255)` it does not."
remedy = "`tf.cast(x, tf.float32) * 0.5`."
sources = [
    "tensorflow/python/framework/constant_op.py, constant",
    "https://docs.pytorch.org/docs/stable/tensor_attributes.html (type promotion)",
    "https://docs.jax.dev/en/latest/type_promotion.html",
]
lessons = []

observed = {"numpy": 1.5, "torch": 1.5, "tensorflow": {"raises": "TypeError"}, "jax": 1.5}


def numpy():
    """A float."""

    import numpy as np

    def default():
        """3 times 0.5."""
        return float((np.array([3]) * 0.5)[0])

    return default, default  # nothing to change


def torch():
    """A float."""

    import torch

    def default():
        """3 times 0.5."""
        return (torch.tensor([3]) * 0.5)[0].item()

    return default, default  # nothing to change


def tensorflow():
    """The Python number must become an int32, and cannot."""

    import tensorflow as tf

    def default():
        """3 times 0.5."""
        return float((tf.constant([3]) * 0.5)[0])

    def matched():
        """After a cast."""
        return float((tf.cast([3], tf.float32) * 0.5)[0])

    return default, matched


def jax():
    """A float."""

    import jax.numpy as jnp

    def default():
        """3 times 0.5."""
        return float((jnp.array([3]) * 0.5)[0])

    return default, default  # nothing to change

"""The default integer dtype

A list of Python integers becomes int64 in NumPy and PyTorch, int32 in TensorFlow, Keras and JAX.
"""

kind = "difference"
symptoms = "int32 or int64 by default, torch.long, expected Long but got Int"
matters = """Labels made in one framework are rejected by the losses of another, and counters
overflow at two billion."""
remedy = 'Name the dtype: `np.array([1, 2], dtype="int32")`.'
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.tensor.html",
    "tensorflow/python/framework/constant_op.py, constant",
    "https://docs.jax.dev/en/latest/default_dtypes.html",
]
lessons = []

observed = {
    "numpy": "int64",
    "torch": "int64",
    "tensorflow": "int32",
    "keras": "int32",
    "jax": "int32",
}


def numpy():
    """64 bits (since NumPy 2.0 on Windows, too)."""

    import numpy as np

    def default():
        """The dtype of [1, 2]."""
        return str(np.array([1, 2]).dtype)

    def matched():
        """When requested."""
        return str(np.array([1, 2], dtype="int32").dtype)

    return default, matched


def torch():
    """64 bits."""

    import torch

    def default():
        """The dtype of [1, 2]."""
        return str(torch.tensor([1, 2]).dtype).removeprefix("torch.")

    def matched():
        """When requested."""
        return str(torch.tensor([1, 2], dtype=torch.int32).dtype).removeprefix("torch.")

    return default, matched


def tensorflow():
    """32 bits."""

    import tensorflow as tf

    def default():
        """The dtype of [1, 2]."""
        return tf.constant([1, 2]).dtype.name

    return default, default  # nothing to change


def keras():
    """32 bits, on every backend."""

    import keras

    def default():
        """The dtype of [1, 2]."""
        return keras.backend.standardize_dtype(keras.ops.convert_to_tensor([1, 2]).dtype)

    return default, default  # nothing to change


def jax():
    """32 bits, unless x64 is enabled."""

    import jax.numpy as jnp

    def default():
        """The dtype of [1, 2]."""
        return str(jnp.array([1, 2]).dtype)

    return default, default  # nothing to change

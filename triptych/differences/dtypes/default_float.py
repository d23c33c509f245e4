"""The default float dtype

An array of zeros is float64 in NumPy and PyTensor, float32 in PyTorch, TensorFlow, Keras and JAX.
"""

kind = "difference"
symptoms = """numpy default float64, torch float32, set_default_dtype, floatx; expected scalar
type Float but found Double; RuntimeError: dtype mismatch"""
matters = """The reference in NumPy has twice the digits. Agreement is then limited to 1e-7, and
NumPy arrays mixed with tensors may raise the precision of everything or raise an error."""
remedy = 'Name the dtype at the boundary: `np.zeros(3, dtype="float32")`.'
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.zeros.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.set_default_dtype.html",
    "tensorflow/python/ops/array_ops.py, zeros",
    "keras/src/backend/config.py, floatx",
]
lessons = [2, 3, 4, 7]

observed = {
    "numpy": "float64",
    "torch": "float32",
    "tensorflow": "float32",
    "keras": "float32",
    "jax": "float32",
    "pytensor": "float64",
}


def numpy():
    """Double precision."""

    import numpy as np

    def default():
        """The dtype of zeros."""
        return str(np.zeros(3).dtype)

    def matched():
        """When requested."""
        return str(np.zeros(3, dtype="float32").dtype)

    return default, matched


def torch():
    """Single precision."""

    import torch

    def default():
        """The dtype of zeros."""
        return str(torch.zeros(3).dtype).removeprefix("torch.")

    return default, default  # nothing to change


def tensorflow():
    """Single precision."""

    import tensorflow as tf

    def default():
        """The dtype of zeros."""
        return tf.zeros(3).dtype.name

    return default, default  # nothing to change


def keras():
    """`floatx`, which is float32."""

    import keras

    def default():
        """The dtype of zeros."""
        return keras.backend.standardize_dtype(keras.ops.zeros(3).dtype)

    return default, default  # nothing to change


def jax():
    """Single precision."""

    import jax.numpy as jnp

    def default():
        """The dtype of zeros."""
        return str(jnp.zeros(3).dtype)

    return default, default  # nothing to change


def pytensor():
    """`floatX`, which is float64."""

    import pytensor.tensor as pt

    def default():
        """The dtype of zeros."""
        return str(pt.zeros(3).dtype)

    def matched():
        """When requested."""
        return str(pt.zeros(3, dtype="float32").dtype)

    return default, matched

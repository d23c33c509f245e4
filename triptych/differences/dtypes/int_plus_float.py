"""An int32 plus a float32

PyTorch, Keras and JAX make a float32; NumPy a float64, the smallest float that holds every int32;
TensorFlow raises an error.
"""

kind = "difference"
symptoms = "int32 plus float32 type promotion, numpy result is float64"
matters = """In NumPy the precision doubles unnoticed, and a reference no longer computes what the
others compute."""
remedy = 'Cast the integer: `x.astype("float32")`, `tf.cast(x, tf.float32)`.'
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.result_type.html",
    "https://docs.pytorch.org/docs/stable/tensor_attributes.html (type promotion)",
    "https://docs.jax.dev/en/latest/type_promotion.html",
    "keras/src/backend/common/dtypes.py, result_type",
]
lessons = []

observed = {
    "numpy": "float64",
    "torch": "float32",
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": "float32",
    "jax": "float32",
}


def numpy():
    """The float must hold every integer."""

    import numpy as np

    I, F = np.ones(1, dtype="int32"), np.ones(1, dtype="float32")

    def default():
        """The dtype of the sum."""
        return str((I + F).dtype)

    def matched():
        """With the integer cast."""
        return str((I.astype("float32") + F).dtype)

    return default, matched


def torch():
    """The float wins, whatever its size."""

    import torch

    def default():
        """The dtype of the sum."""
        total = torch.ones(1, dtype=torch.int32) + torch.ones(1, dtype=torch.float32)
        return str(total.dtype).removeprefix("torch.")

    return default, default  # nothing to change


def tensorflow():
    """Nothing is cast implicitly."""

    import tensorflow as tf

    I, F = tf.ones(1, tf.int32), tf.ones(1, tf.float32)

    def default():
        """The dtype of the sum."""
        return (I + F).dtype.name

    def matched():
        """With the integer cast."""
        return (tf.cast(I, tf.float32) + F).dtype.name

    return default, matched


def keras():
    """The float wins, whatever its size."""

    import keras

    def default():
        """The dtype of the sum."""
        total = keras.ops.add(keras.ops.ones(1, dtype="int32"), keras.ops.ones(1, dtype="float32"))
        return keras.backend.standardize_dtype(total.dtype)

    return default, default  # nothing to change


def jax():
    """The float wins, whatever its size."""

    import jax.numpy as jnp

    def default():
        """The dtype of the sum."""
        return str((jnp.ones(1, dtype="int32") + jnp.ones(1, dtype="float32")).dtype)

    return default, default  # nothing to change

"""Seven halves: the dtype of a quotient of integers

Everywhere 7 / 2 is 3.5; it is a float64 in NumPy, TensorFlow and PyTensor, a float32 in PyTorch,
Keras and JAX.
"""

kind = "difference"
symptoms = "/ or // of integers, truediv, integer division dtype; TypeError"
matters = """TensorFlow's default float is float32, so the quotient then meets float32 tensors and
raises an error."""
remedy = "Cast before dividing: `tf.cast(x, tf.float32) / 2`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.div.html",
    "tensorflow/python/ops/math_ops.py, truediv",
    "keras/src/ops/numpy.py, true_divide",
    "jax/_src/numpy/ufuncs.py, true_divide",
]
lessons = []

observed = {
    "numpy": "float64",
    "torch": "float32",
    "tensorflow": "float64",
    "keras": "float32",
    "jax": "float32",
    "pytensor": "float64",
}


def numpy():
    """Double precision."""

    import numpy as np

    def default():
        """The dtype of 7 / 2."""
        return str((np.array([7], dtype="int32") / 2).dtype)

    def matched():
        """With a cast before."""
        return str((np.array([7], dtype="float32") / 2).dtype)

    return default, matched


def torch():
    """The default float."""

    import torch

    def default():
        """The dtype of 7 / 2."""
        return str((torch.tensor([7], dtype=torch.int32) / 2).dtype).removeprefix("torch.")

    return default, default  # nothing to change


def tensorflow():
    """Double precision, although the default float is single."""

    import tensorflow as tf

    def default():
        """The dtype of 7 / 2."""
        return (tf.constant([7]) / 2).dtype.name

    def matched():
        """With a cast before."""
        return (tf.cast([7], tf.float32) / 2).dtype.name

    return default, matched


def keras():
    """`floatx`."""

    import keras

    def default():
        """The dtype of 7 / 2."""
        quotient = keras.ops.true_divide(keras.ops.convert_to_tensor([7], dtype="int32"), 2)
        return keras.backend.standardize_dtype(quotient.dtype)

    return default, default  # nothing to change


def jax():
    """Single precision."""

    import jax.numpy as jnp

    def default():
        """The dtype of 7 / 2."""
        return str((jnp.array([7]) / 2).dtype)

    return default, default  # nothing to change


def pytensor():
    """Double precision."""

    import numpy as np
    import pytensor.tensor as pt

    def default():
        """The dtype of 7 / 2."""
        return str((pt.constant(np.array([7], dtype="int32")) / 2).dtype)

    def matched():
        """With a cast before."""
        x = pt.constant(np.array([7], dtype="float32"))
        return str((x / np.float32(2)).dtype)

    return default, matched

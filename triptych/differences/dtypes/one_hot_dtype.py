"""The dtype of one-hot rows

PyTorch makes int64, TensorFlow, Keras and JAX float32.
"""

kind = "difference"
symptoms = "F.one_hot int64, tf.one_hot float32, expected Float but got Long"
matters = "A squared error, or a cross-entropy with probabilities, rejects PyTorch's integers."
remedy = "`torch.nn.functional.one_hot(y, n).float()`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html",
    "tensorflow/python/ops/array_ops.py, one_hot",
    "keras/src/ops/nn.py, one_hot",
    "jax/_src/nn/functions.py, one_hot",
]
lessons = []

observed = {"torch": "int64", "tensorflow": "float32", "keras": "float32", "jax": "float32"}


def torch():
    """An index type."""

    import torch

    def default():
        """The dtype of class 1 of 3."""
        row = torch.nn.functional.one_hot(torch.tensor(1), 3)
        return str(row.dtype).removeprefix("torch.")

    def matched():
        """After a cast."""
        row = torch.nn.functional.one_hot(torch.tensor(1), 3).float()
        return str(row.dtype).removeprefix("torch.")

    return default, matched


def tensorflow():
    """The default float."""

    import tensorflow as tf

    def default():
        """The dtype of class 1 of 3."""
        return tf.one_hot(1, 3).dtype.name

    return default, default  # nothing to change


def keras():
    """The default float, on every backend."""

    import keras

    def default():
        """The dtype of class 1 of 3."""
        return keras.backend.standardize_dtype(keras.ops.one_hot(1, 3).dtype)

    return default, default  # nothing to change


def jax():
    """The default float."""

    import jax

    def default():
        """The dtype of class 1 of 3."""
        return str(jax.nn.one_hot(1, 3).dtype)

    return default, default  # nothing to change

"""An index of bytes: row numbers, or a mask

For 10, 20, 30 and the uint8 numbers 1, 0, 2, NumPy, JAX and PyTensor return elements 1, 0 and 2.
PyTorch takes uint8 for a mask, as in its first versions, warns, and returns what is not at a zero:
10 and 30. TensorFlow raises a TypeError.
"""

kind = "difference"
symptoms = "uint8 mask indexing, byte tensor index, bool mask"
matters = """Labels and characters are often stored as bytes. Indexed by them, a table of
probabilities gives other rows, in another number, which a mean or a sum over them does not show."""
remedy = """Convert first: `index.long()` in PyTorch, `tf.gather(x, tf.cast(index, tf.int32))`.
PyTorch's `index_select` and `embedding` raise an error for bytes."""
sources = [
    "https://docs.pytorch.org/docs/stable/tensors.html (indexing with a ByteTensor)",
    "https://numpy.org/doc/stable/user/basics.indexing.html (integer array indexing)",
    "tensorflow/python/ops/tensor_getitem_override.py, _check_index",
]
lessons = []

observed = {
    "numpy": [20.0, 10.0, 30.0],
    "torch": [10.0, 30.0],
    "tensorflow": {"raises": "TypeError"},
    "jax": [20.0, 10.0, 30.0],
    "pytensor": [20.0, 10.0, 30.0],
}


def numpy():
    """Row numbers; only booleans are a mask."""

    import numpy as np

    def default():
        """10, 20, 30 indexed by the bytes 1, 0, 2."""
        return np.array([10.0, 20.0, 30.0])[np.array([1, 0, 2], dtype="uint8")].tolist()

    return default, default  # nothing to change


def torch():
    """A mask, with a warning."""

    import warnings

    import torch

    X, INDEX = torch.tensor([10.0, 20.0, 30.0]), torch.tensor([1, 0, 2], dtype=torch.uint8)

    def default():
        """10, 20, 30 indexed by the bytes 1, 0, 2."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return X[INDEX].tolist()

    def matched():
        """By int64 numbers."""
        return X[INDEX.long()].tolist()

    return default, matched


def tensorflow():
    """An error: square brackets take single numbers and slices."""

    import tensorflow as tf

    X, INDEX = tf.constant([10.0, 20.0, 30.0]), tf.constant([1, 0, 2], tf.uint8)

    def default():
        """10, 20, 30 indexed by the bytes 1, 0, 2."""
        return X[INDEX].numpy().tolist()

    def matched():
        """By int32 numbers, with `gather`."""
        return tf.gather(X, tf.cast(INDEX, tf.int32)).numpy().tolist()

    return default, matched


def jax():
    """Row numbers."""

    import jax.numpy as jnp

    def default():
        """10, 20, 30 indexed by the bytes 1, 0, 2."""
        return jnp.array([10.0, 20.0, 30.0])[jnp.array([1, 0, 2], dtype="uint8")].tolist()

    return default, default  # nothing to change


def pytensor():
    """Row numbers."""

    import numpy as np
    import pytensor.tensor as pt

    def default():
        """10, 20, 30 indexed by the bytes 1, 0, 2."""
        index = pt.constant(np.array([1, 0, 2], dtype="uint8"))
        return pt.constant([10.0, 20.0, 30.0])[index].eval().tolist()

    return default, default  # nothing to change

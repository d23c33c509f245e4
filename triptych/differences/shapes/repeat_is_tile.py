"""Repeating: each element, or the whole

`repeat(2)` makes 1, 1, 2, 2 of 1, 2 in NumPy, TensorFlow, Keras and JAX; PyTorch's method makes 1,
2, 1, 2, which the others call `tile`.
"""

kind = "difference"
symptoms = "torch.repeat is tile, repeat_interleave, np.repeat, tf.repeat"
matters = """Inputs and labels repeated by different functions no longer belong together, and
nothing raises an error."""
remedy = "`x.repeat_interleave(2)` in PyTorch."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.repeat.html",
    "https://numpy.org/doc/stable/reference/generated/numpy.repeat.html",
    "tensorflow/python/ops/array_ops.py, repeat",
    "keras/src/ops/numpy.py, repeat",
]
lessons = []

observed = {
    "numpy": [1, 1, 2, 2],
    "torch": [1, 2, 1, 2],
    "tensorflow": [1, 1, 2, 2],
    "keras": [1, 1, 2, 2],
    "jax": [1, 1, 2, 2],
}


def numpy():
    """Each element."""

    import numpy as np

    def default():
        """1, 2 repeated twice."""
        return np.array([1, 2]).repeat(2).tolist()

    return default, default  # nothing to change


def torch():
    """The whole."""

    import torch

    def default():
        """1, 2 repeated twice."""
        return torch.tensor([1, 2]).repeat(2).tolist()

    def matched():
        """Each element."""
        return torch.tensor([1, 2]).repeat_interleave(2).tolist()

    return default, matched


def tensorflow():
    """Each element."""

    import tensorflow as tf

    def default():
        """1, 2 repeated twice."""
        return tf.repeat([1, 2], 2).numpy().tolist()

    return default, default  # nothing to change


def keras():
    """Each element."""

    import keras

    def default():
        """1, 2 repeated twice."""
        repeated = keras.ops.repeat(keras.ops.convert_to_tensor([1, 2]), 2)
        return keras.ops.convert_to_numpy(repeated).tolist()

    return default, default  # nothing to change


def jax():
    """Each element."""

    import jax.numpy as jnp

    def default():
        """1, 2 repeated twice."""
        return jnp.array([1, 2]).repeat(2).tolist()

    return default, default  # nothing to change

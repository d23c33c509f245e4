"""Looking up row −1

In square brackets −1 is the last element everywhere. In look-ups it is the last one for NumPy, JAX
and Keras, and an error for PyTorch's `index_select` and TensorFlow's `gather`.
"""

kind = "difference"
symptoms = "negative index -1, tf.gather negative index error, embedding -1"
matters = """−1 often marks padding. Some frameworks raise an error, others silently embed the last
word of the vocabulary."""
remedy = "Replace the mark before the look-up, by row 0 or a row of its own."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.take.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.index_select.html",
    "tensorflow/python/ops/array_ops.py, gather",
    "jax/_src/numpy/indexing.py, take",
]
lessons = []

observed = {
    "numpy": 3.0,
    "torch": {"raises": "IndexError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": 3.0,
    "jax": 3.0,
}


def numpy():
    """The last one."""

    import numpy as np

    def default():
        """Element −1 of three."""
        return float(np.take(np.array([1.0, 2.0, 3.0]), -1))

    return default, default  # nothing to change


def torch():
    """An error."""

    import torch

    X = torch.tensor([1.0, 2.0, 3.0])

    def default():
        """Element −1 of three."""
        return torch.index_select(X, 0, torch.tensor([-1]))[0].item()

    def matched():
        """With the index wrapped round."""
        return torch.index_select(X, 0, torch.tensor([-1]) % 3)[0].item()

    return default, matched


def tensorflow():
    """An error on a CPU."""

    import tensorflow as tf

    X = tf.constant([1.0, 2.0, 3.0])

    def default():
        """Element −1 of three."""
        return float(tf.gather(X, -1))

    def matched():
        """With the index wrapped round."""
        return float(tf.gather(X, tf.constant(-1) % 3))

    return default, matched


def keras():
    """The last one, on every backend."""

    import keras

    def default():
        """Element −1 of three."""
        x = keras.ops.convert_to_tensor([1.0, 2.0, 3.0])
        return float(keras.ops.take(x, keras.ops.convert_to_tensor(-1)))

    return default, default  # nothing to change


def jax():
    """The last one."""

    import jax.numpy as jnp

    def default():
        """Element −1 of three."""
        return float(jnp.take(jnp.array([1.0, 2.0, 3.0]), -1))

    return default, default  # nothing to change

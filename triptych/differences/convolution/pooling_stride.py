"""The stride of pooling: the window's size, or one

Without a stride, PyTorch's and Keras's pooling moves by the size of the window: 0 to 5 in twos give
three maxima. TensorFlow's `tf.nn.pool` and Flax's `max_pool` and `avg_pool` move by one and give
five.
"""

kind = "difference"
symptoms = """F.max_pool2d stride default, tf.nn.max_pool strides, avg_pool stride=None, flax
nn.max_pool strides default"""
matters = """The maps stay almost as large as they were, and a dense layer after them gets four
times the weights in two dimensions. If it builds itself, nothing fails."""
remedy = """`strides=` in `tf.nn.pool` and in Flax; `tf.nn.max_pool2d` and `avg_pool2d` do not do
without it."""
sources = [
    "tensorflow/python/ops/nn_ops.py, pool_v2, strides",
    "torch/nn/modules/pooling.py, MaxPool1d, stride",
    "keras/src/layers/pooling/max_pooling1d.py, MaxPooling1D, strides",
    "flax/linen/pooling.py, max_pool, strides",
]
lessons = []

observed = {
    "torch": [1.0, 3.0, 5.0],
    "tensorflow": [1.0, 2.0, 3.0, 4.0, 5.0],
    "keras": [1.0, 3.0, 5.0],
    "jax": [1.0, 2.0, 3.0, 4.0, 5.0],
}


def torch():
    """The window's size."""

    import torch

    def default():
        """The maxima of 0 to 5, in twos."""
        return torch.nn.MaxPool1d(2)(torch.arange(6.0).reshape(1, 1, 6)).flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """One."""

    import tensorflow as tf

    X = tf.reshape(tf.range(6.0), (1, 6, 1))

    def default():
        """The maxima of 0 to 5, in twos."""
        return tf.nn.pool(X, (2,), "MAX").numpy().ravel().tolist()

    def matched():
        """With the stride stated."""
        return tf.nn.pool(X, (2,), "MAX", strides=(2,)).numpy().ravel().tolist()

    return default, matched


def keras():
    """The window's size, on every backend."""

    import keras
    import numpy as np

    def default():
        """The maxima of 0 to 5, in twos."""
        x = np.arange(6, dtype="float32").reshape(1, 6, 1)
        out = keras.layers.MaxPooling1D(2)(x)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """One, in Flax."""

    import flax.linen as nn
    import jax.numpy as jnp

    X = jnp.arange(6.0).reshape(1, 6, 1)

    def default():
        """The maxima of 0 to 5, in twos."""
        return nn.max_pool(X, (2,)).ravel().tolist()

    def matched():
        """With the stride stated."""
        return nn.max_pool(X, (2,), strides=(2,)).ravel().tolist()

    return default, matched

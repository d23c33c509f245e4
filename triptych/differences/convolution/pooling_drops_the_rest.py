"""Pooling drops what does not fill a window

Five numbers pooled in twos give two results in PyTorch, TensorFlow ("VALID"), Keras and JAX
("VALID"): the fifth is not looked at.
"""

kind = "agreement"
symptoms = "odd image size, pooling drops last row, floor of output size"
matters = """A map of 7 × 7 becomes 3 × 3, and its last row and column reach nothing that follows.
Layers that keep it differ between frameworks: see ceil_mode_is_not_same."""
remedy = "None is needed; pad the image if the border matters."
sources = [
    "torch/nn/modules/pooling.py, MaxPool1d",
    "tensorflow/python/ops/nn_ops.py, max_pool1d",
    "keras/src/layers/pooling/max_pooling1d.py, MaxPooling1D, padding",
    "jax/_src/lax/windowed_reductions.py, reduce_window",
]
lessons = []

observed = {
    "torch": [2.0, 4.0],
    "tensorflow": [2.0, 4.0],
    "keras": [2.0, 4.0],
    "jax": [2.0, 4.0],
}


def torch():
    """`ceil_mode` is off."""

    import torch

    def default():
        """The maxima of two neighbours in 1 to 5."""
        return torch.nn.MaxPool1d(2)(torch.arange(1.0, 6.0).reshape(1, 1, 5)).flatten().tolist()

    return default


def tensorflow():
    """With "VALID", which has to be written."""

    import tensorflow as tf

    def default():
        """The maxima of two neighbours in 1 to 5."""
        x = tf.reshape(tf.range(1.0, 6.0), (1, 5, 1))
        return tf.nn.max_pool1d(x, ksize=2, strides=2, padding="VALID").numpy().ravel().tolist()

    return default


def keras():
    """The default is "valid"."""

    import keras
    import numpy as np

    def default():
        """The maxima of two neighbours in 1 to 5."""
        out = keras.layers.MaxPooling1D(2)(np.arange(1, 6, dtype="float32").reshape(1, 5, 1))
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default


def jax():
    """With "VALID", which has to be written."""

    import jax
    import jax.numpy as jnp

    def default():
        """The maxima of two neighbours in 1 to 5."""
        x = jnp.arange(1.0, 6.0)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (2,), (2,), "VALID").tolist()

    return default

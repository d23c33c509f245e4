"""Keeping the last pixels: `ceil_mode` or "same"

PyTorch's `ceil_mode=True` adds a window at the end if any number is left over. "same" in
TensorFlow, Keras and JAX makes n/stride windows, rounded up, and pads both ends for them. With a
window of 3 and a stride of 2, 5 numbers give 2 maxima in PyTorch and 3 elsewhere.
"""

kind = "difference"
symptoms = "nn.MaxPool2d ceil_mode=True, padding same; output one pixel larger or smaller"
matters = """For some sizes both give the same, so a network is ported with one size of image and
fails, or shifts its maps, with another."""
remedy = """Compute the padding of "same", here 1 at both ends, and pass it as `padding=1`; where it
is odd, pad by hand (see max_pool_same_stride_two)."""
sources = [
    "torch/nn/modules/pooling.py, MaxPool1d, ceil_mode",
    "https://www.tensorflow.org/api_docs/python/tf/nn (notes on padding)",
    "keras/src/layers/pooling/max_pooling1d.py, MaxPooling1D, padding",
    "jax/_src/lax/windowed_reductions.py, reduce_window",
]
lessons = []

observed = {
    "torch": [3.0, 5.0],
    "tensorflow": [2.0, 4.0, 5.0],
    "keras": [2.0, 4.0, 5.0],
    "jax": [2.0, 4.0, 5.0],
}


def torch():
    """The windows start with the first number, and nothing is left over at the end."""

    import torch

    X = torch.arange(1.0, 6.0).reshape(1, 1, 5)

    def default():
        """The maxima of 1 to 5, with `ceil_mode=True`."""
        return torch.nn.MaxPool1d(3, stride=2, ceil_mode=True)(X).flatten().tolist()

    def matched():
        """With one place at both ends."""
        return torch.nn.MaxPool1d(3, stride=2, padding=1)(X).flatten().tolist()

    return default, matched


def tensorflow():
    """One place at both ends."""

    import tensorflow as tf

    def default():
        """The maxima of 1 to 5, with padding "SAME"."""
        x = tf.reshape(tf.range(1.0, 6.0), (1, 5, 1))
        return tf.nn.max_pool1d(x, ksize=3, strides=2, padding="SAME").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """One place at both ends, on every backend."""

    import keras
    import numpy as np

    def default():
        """The maxima of 1 to 5, with padding "same"."""
        x = np.arange(1, 6, dtype="float32").reshape(1, 5, 1)
        out = keras.layers.MaxPooling1D(3, strides=2, padding="same")(x)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """One place at both ends."""

    import jax
    import jax.numpy as jnp

    def default():
        """The maxima of 1 to 5, with padding "SAME"."""
        x = jnp.arange(1.0, 6.0)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (3,), (2,), "SAME").tolist()

    return default, default  # nothing to change

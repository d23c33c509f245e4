"""Padding "same" with a stride of two

TensorFlow, Keras and JAX pad as much as the last window needs, and where that is an odd number, one
more at the end: 0 before and 1 after for 4 numbers, a window of 3 and a stride of 2. PyTorch
rejects `padding="same"` with a stride; the usual replacement, `padding=1`, pads at both ends and
gives [3, 9] where the others give [6, 7].
"""

kind = "difference"
symptoms = """Conv2D padding same strides 2, strided convolution gives different output,
padding='same' is not supported for strided convolutions; shifted by one pixel, asymmetric
padding, ResNet MobileNet port is wrong"""
matters = """All shapes agree, yet every window of every strided layer is shifted by one pixel.
Copied weights then work a little worse, which is hard to notice."""
remedy = "Pad by hand before the layer, `torch.nn.functional.pad(x, (0, 1))` here."
sources = [
    "torch/nn/modules/conv.py, _ConvNd",
    "tensorflow/python/ops/nn_ops.py, conv1d_v2",
    "keras/src/ops/nn.py, conv",
    "https://www.tensorflow.org/api_docs/python/tf/nn (notes on padding)",
]
lessons = []

observed = {
    "torch": {"raises": "ValueError"},
    "tensorflow": [6.0, 7.0],
    "keras": [6.0, 7.0],
    "jax": [6.0, 7.0],
}
round_off = 1e-6  # float32, though these sums are exact


def torch():
    """\"same\" is refused where there is a stride."""

    import torch

    X, ONES = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.ones(1, 1, 3)

    def default():
        """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
        return torch.nn.Conv1d(1, 1, 3, stride=2, padding="same")(X).flatten().tolist()

    def matched():
        """With one zero put at the end."""
        padded = torch.nn.functional.pad(X, (0, 1))
        return torch.nn.functional.conv1d(padded, ONES, stride=2).flatten().tolist()

    return default, matched


def tensorflow():
    """The odd zero is put at the end."""

    import tensorflow as tf

    X, ONES = tf.reshape(tf.range(1.0, 5.0), (1, 4, 1)), tf.ones((3, 1, 1))

    def default():
        """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
        return tf.nn.conv1d(X, ONES, stride=2, padding="SAME").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """The odd zero is put at the end, on every backend."""

    import keras
    import numpy as np

    X, ONES = np.arange(1.0, 5.0, dtype="float32").reshape(1, 4, 1), np.ones((3, 1, 1), "float32")

    def default():
        """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
        out = keras.ops.conv(X, ONES, strides=2, padding="same")
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """The odd zero is put at the end."""

    import jax
    import jax.numpy as jnp

    def default():
        """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
        x, ones = jnp.arange(1.0, 5.0).reshape(1, 1, 4), jnp.ones((1, 1, 3))
        return jax.lax.conv(x, ones, (2,), "SAME").ravel().tolist()

    return default, default  # nothing to change

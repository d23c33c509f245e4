"""A convolution with a stride and a dilation

PyTorch's and Keras's layers have both arguments. PyTorch, `tf.nn.conv1d` and JAX apply both;
Keras's layers raise a ValueError if both are greater than 1, on every backend.
"""

kind = "difference"
symptoms = "strides and dilation_rate together, atrous convolution; ValueError"
matters = """Some networks for segmentation and for audio have such layers; they cannot be written
down in Keras as they are in PyTorch."""
remedy = """In Keras, the dilated convolution and then every second result, `layer(x)[:, ::2]`: the
same numbers, for twice the work."""
sources = [
    "keras/src/layers/convolutional/base_conv.py, BaseConv",
    "torch/nn/modules/conv.py, Conv1d",
    "tensorflow/python/ops/nn_ops.py, conv1d_v2",
    "jax/_src/lax/convolution.py, conv_general_dilated, rhs_dilation",
]
lessons = []

observed = {
    "torch": [2.0, 6.0, 10.0],
    "tensorflow": [2.0, 6.0, 10.0],
    "keras": {"raises": "ValueError"},
    "jax": [2.0, 6.0, 10.0],
}
round_off = 1e-6  # float32, though these sums are exact


def torch():
    """Both are applied."""

    import torch

    def default():
        """0 + 2, 2 + 4 and 4 + 6, of 0 to 6."""
        layer = torch.nn.Conv1d(1, 1, 2, stride=2, dilation=2, bias=False)
        torch.nn.init.ones_(layer.weight)
        return layer(torch.arange(7.0).reshape(1, 1, 7)).flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """Both are applied by `tf.nn.conv1d`; the more general `tf.nn.convolution` refuses them."""

    import tensorflow as tf

    def default():
        """0 + 2, 2 + 4 and 4 + 6, of 0 to 6."""
        x, ones = tf.reshape(tf.range(7.0), (1, 7, 1)), tf.ones((2, 1, 1))
        return tf.nn.conv1d(x, ones, 2, "VALID", dilations=2).numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """An error."""

    import keras
    import numpy as np

    X = np.arange(7, dtype="float32").reshape(1, 7, 1)

    def convolved(**options):
        """Sums of two numbers with one between them."""
        layer = keras.layers.Conv1D(1, 2, dilation_rate=2, kernel_initializer="ones", **options)
        return keras.ops.convert_to_numpy(layer(X)).ravel()

    def default():
        """0 + 2, 2 + 4 and 4 + 6, of 0 to 6."""
        return convolved(strides=2).tolist()

    def matched():
        """Every second sum."""
        return convolved()[::2].tolist()

    return default, matched


def jax():
    """Both are applied."""

    import jax
    import jax.numpy as jnp

    def default():
        """0 + 2, 2 + 4 and 4 + 6, of 0 to 6."""
        x, ones = jnp.arange(7.0).reshape(1, 1, 7), jnp.ones((1, 1, 2))
        conv = jax.lax.conv_general_dilated
        return conv(x, ones, (2,), "VALID", rhs_dilation=(2,)).ravel().tolist()

    return default, default  # nothing to change

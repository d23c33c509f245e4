"""Images: channels first or channels last

PyTorch and `jax.lax.conv` take a batch of images as (rows, channels, height, width); TensorFlow and
Keras as (rows, height, width, channels).
"""

kind = "difference"
symptoms = """channels_first channels_last, NCHW NHWC, data_format, expected input to have 3
channels but got 224 channels instead; permute images"""
matters = """Where an image has 3 rows or 3 columns of anything, both readings fit: no error, only
another picture. In practice this happens silently to batches assembled by hand."""
remedy = """`images.permute(0, 3, 1, 2)` on the way into PyTorch, `permute(0, 2, 3, 1)` on the way
out."""
sources = [
    "torch/nn/modules/conv.py, Conv2d",
    "keras/src/backend/config.py, image_data_format",
    "tensorflow/python/ops/nn_ops.py, conv2d_v2",
    "jax/_src/lax/convolution.py, conv",
]
lessons = []

observed = {
    "torch": [1, 8, 4, 3],
    "tensorflow": [1, 3, 4, 8],
    "keras": [1, 3, 4, 8],
    "jax": [1, 8, 4, 3],
}
round_off = 1e-6  # float32, though these sums of small integers are exact


def torch():
    """`nn.Conv2d` reads axis 1 as the channels."""

    import torch

    IMAGES = torch.arange(36.0).reshape(1, 3, 4, 3)

    def default():
        """The output shape of a 1 × 1 convolution to 8 channels for an input of (1, 3, 4, 3)."""
        return list(torch.nn.Conv2d(3, 8, 1)(IMAGES).shape)

    def matched():
        """The sum of channels, the last axis, as a convolution with ones."""
        sums = torch.nn.functional.conv2d(IMAGES.permute(0, 3, 1, 2), torch.ones(1, 3, 1, 1))
        return sums.permute(0, 2, 3, 1).flatten().tolist()

    return default, matched


def tensorflow():
    """`tf.nn.conv2d` reads the last axis as the channels."""

    import tensorflow as tf

    IMAGES = tf.reshape(tf.range(36.0), (1, 3, 4, 3))

    def default():
        """The output shape of a 1 × 1 convolution to 8 channels for an input of (1, 3, 4, 3)."""
        return list(tf.nn.conv2d(IMAGES, tf.ones((1, 1, 3, 8)), 1, "VALID").shape)

    def matched():
        """The sum of channels, the last axis, as a convolution with ones."""
        return tf.nn.conv2d(IMAGES, tf.ones((1, 1, 3, 1)), 1, "VALID").numpy().ravel().tolist()

    return default, matched


def keras():
    """`Conv2D` reads the last axis as the channels, on every backend, PyTorch too."""

    import keras
    import numpy as np

    IMAGES = np.arange(36, dtype="float32").reshape(1, 3, 4, 3)

    def default():
        """The output shape of a 1 × 1 convolution to 8 channels for an input of (1, 3, 4, 3)."""
        return list(keras.layers.Conv2D(8, 1)(IMAGES).shape)

    def matched():
        """The sum of channels, the last axis, as a convolution with ones."""
        sums = keras.ops.conv(IMAGES, np.ones((1, 1, 3, 1), dtype="float32"))
        return keras.ops.convert_to_numpy(sums).ravel().tolist()

    return default, matched


def jax():
    """`jax.lax.conv` reads axis 1 as the channels."""

    import jax
    import jax.numpy as jnp

    IMAGES = jnp.arange(36.0).reshape(1, 3, 4, 3)

    def default():
        """The output shape of a 1 × 1 convolution to 8 channels for an input of (1, 3, 4, 3)."""
        return list(jax.lax.conv(IMAGES, jnp.ones((8, 3, 1, 1)), (1, 1), "VALID").shape)

    def matched():
        """The sum of channels, the last axis, as a convolution with ones."""
        sums = jax.lax.conv(IMAGES.transpose(0, 3, 1, 2), jnp.ones((1, 3, 1, 1)), (1, 1), "VALID")
        return sums.transpose(0, 2, 3, 1).ravel().tolist()

    return default, matched

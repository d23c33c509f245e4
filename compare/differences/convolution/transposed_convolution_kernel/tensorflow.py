"""As written."""

import tensorflow as tf


def default():
    """What a single 1 becomes by the kernel 1, 2, 3."""
    kernel = tf.reshape([1.0, 2.0, 3.0], (3, 1, 1))
    x = tf.ones((1, 1, 1))
    out = tf.nn.conv1d_transpose(x, kernel, output_shape=(1, 3, 1), strides=1, padding="VALID")
    return out.numpy().ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

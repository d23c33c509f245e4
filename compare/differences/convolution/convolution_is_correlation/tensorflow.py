"""No flip."""

import tensorflow as tf


def default():
    """1, 2, 3, 4 with the kernel 1, 0, −1."""
    x = tf.reshape([1.0, 2.0, 3.0, 4.0], (1, 4, 1))
    kernel = tf.reshape([1.0, 0.0, -1.0], (3, 1, 1))
    return tf.nn.conv1d(x, kernel, stride=1, padding="VALID").numpy().ravel().tolist()

"""The padding never wins."""

import tensorflow as tf


def default():
    """The maxima of three neighbours in −1, −2, −3."""
    x = tf.reshape([-1.0, -2.0, -3.0], (1, 3, 1))
    return tf.nn.max_pool1d(x, ksize=3, strides=1, padding="SAME").numpy().ravel().tolist()

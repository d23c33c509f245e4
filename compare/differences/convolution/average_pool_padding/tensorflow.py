"""Padding does not count."""

import tensorflow as tf


def default():
    """The means of three neighbours in a row of threes, padded by one."""
    x = tf.fill((1, 3, 1), 3.0)
    return tf.nn.avg_pool1d(x, ksize=3, strides=1, padding="SAME").numpy().ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

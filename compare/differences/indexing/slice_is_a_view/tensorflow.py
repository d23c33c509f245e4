"""A tensor does not change."""

import tensorflow as tf


def default():
    """The first number of the whole after 9 was written into a slice."""
    x = tf.zeros(4)
    part = x[:2]
    part[0] = 9.0
    return float(x[0])


def matched():
    """After 9 was written into a copy."""
    x = tf.zeros(4)
    tf.tensor_scatter_nd_update(x[:2], [[0]], [9.0])
    return float(x[0])

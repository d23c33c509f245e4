"""Both are added."""

import tensorflow as tf


def default():
    """What 0 becomes."""
    x = tf.tensor_scatter_nd_add(tf.zeros(2), indices=[[0], [0]], updates=[1.0, 1.0])
    return float(x[0])


def matched():
    """Nothing to change."""
    return default()

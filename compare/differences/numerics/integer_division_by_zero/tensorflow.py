"""An error on a CPU."""

import tensorflow as tf


def default():
    """7 // 0."""
    return int(tf.constant(7) // tf.constant(0))


def matched():
    """By at least 1."""
    return int(tf.constant(7) // tf.maximum(0, 1))

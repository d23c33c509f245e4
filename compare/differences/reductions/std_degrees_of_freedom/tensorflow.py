"""Over n, and nothing else is offered."""

import tensorflow as tf


def default():
    """The standard deviation of 1, 2, 3, 4."""
    return float(tf.math.reduce_std([1.0, 2.0, 3.0, 4.0]))


def matched():
    """Nothing to change."""
    return default()

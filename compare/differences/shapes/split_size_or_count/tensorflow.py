"""Two parts."""

import tensorflow as tf


def default():
    """How many parts."""
    return len(tf.split(tf.range(6), 2))


def matched():
    """Nothing to change."""
    return default()

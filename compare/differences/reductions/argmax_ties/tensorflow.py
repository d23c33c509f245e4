"""The first."""

import tensorflow as tf


def default():
    """Where the maximum of 1, 3, 3 is."""
    return int(tf.argmax([1.0, 3.0, 3.0]))

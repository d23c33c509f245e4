"""Integer division."""

import tensorflow as tf


def default():
    """The mean of 1 and 2."""
    return float(tf.reduce_mean([1, 2]))


def matched():
    """After a cast."""
    return float(tf.reduce_mean(tf.cast([1, 2], tf.float32)))

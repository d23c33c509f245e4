"""A boolean has no mean."""

import tensorflow as tf

RIGHT = tf.constant([0, 1]) == tf.constant([0, 0])


def default():
    """One right of two."""
    return float(tf.reduce_mean(RIGHT))


def matched():
    """After a cast."""
    return float(tf.reduce_mean(tf.cast(RIGHT, tf.float32)))

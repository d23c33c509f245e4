"""TensorFlow draws from a buffer."""

import tensorflow as tf


def default():
    """Whether one of 20 epochs begins behind the first ten rows."""
    return begins_behind(buffer=10)


def matched():
    """The same, with a buffer for all of them."""
    return begins_behind(buffer=100)


def begins_behind(buffer):
    rows = tf.data.Dataset.range(100).shuffle(buffer, seed=0)
    return any(int(next(iter(rows))) >= 10 for _ in range(20))

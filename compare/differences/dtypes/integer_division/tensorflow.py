"""Double precision, though floats are single by default."""

import tensorflow as tf


def default():
    """The dtype of 7 / 2."""
    return (tf.constant([7]) / 2).dtype.name


def matched():
    """With a cast before."""
    return (tf.cast([7], tf.float32) / 2).dtype.name

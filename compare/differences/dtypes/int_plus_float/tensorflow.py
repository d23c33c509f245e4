"""Nothing is cast in secret."""

import tensorflow as tf

I, F = tf.ones(1, tf.int32), tf.ones(1, tf.float32)


def default():
    """The dtype of the sum."""
    return (I + F).dtype.name


def matched():
    """With the integer cast."""
    return (tf.cast(I, tf.float32) + F).dtype.name

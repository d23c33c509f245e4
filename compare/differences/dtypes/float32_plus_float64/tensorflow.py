"""An error."""

import tensorflow as tf

SINGLE, DOUBLE = tf.ones(1), tf.ones(1, tf.float64)


def default():
    """The dtype of the sum."""
    return (SINGLE + DOUBLE).dtype.name


def matched():
    """With the double cast."""
    return (SINGLE + tf.cast(DOUBLE, tf.float32)).dtype.name

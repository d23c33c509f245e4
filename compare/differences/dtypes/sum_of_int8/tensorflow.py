"""A sum has the dtype of what is summed."""

import tensorflow as tf

X = tf.constant([100, 100, 100], tf.int8)


def default():
    """100 + 100 + 100."""
    return int(tf.reduce_sum(X))


def matched():
    """In int32."""
    return int(tf.reduce_sum(tf.cast(X, tf.int32)))

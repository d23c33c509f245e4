"""NaN loses every comparison, so it is passed over."""

import tensorflow as tf

X = tf.constant([1.0, float("nan"), 3.0])


def default():
    """Where the maximum of 1, NaN, 3 is."""
    return int(tf.argmax(X))


def matched():
    """With NaN as the smallest."""
    return int(tf.argmax(tf.where(tf.math.is_nan(X), -float("inf"), X)))

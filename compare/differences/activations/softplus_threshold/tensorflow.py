"""`softplus` is the formula in the whole range where float64 sees it."""

import tensorflow as tf

X = tf.constant(20.5, tf.float64)


def default():
    """How much more than 20.5 it is at 20.5."""
    return float(tf.math.softplus(X) - X)


def matched():
    """Nothing to change."""
    return default()

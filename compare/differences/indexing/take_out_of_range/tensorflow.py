"""An error on a CPU."""

import tensorflow as tf

X = tf.constant([1.0, 2.0, 3.0])


def default():
    """Element 5 of three."""
    return float(tf.gather(X, 5))


def matched():
    """With the index clipped."""
    return float(tf.gather(X, tf.minimum(5, 2)))

"""An error."""

import tensorflow as tf

X = tf.constant([1.0, 2.0, 3.0])


def default():
    """Element 5 of three."""
    return float(X[5])


def matched():
    """With the index moved by hand."""
    return float(X[min(5, len(X) - 1)])

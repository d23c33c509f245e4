"""An error on a CPU."""

import tensorflow as tf

X = tf.constant([1.0, 2.0, 3.0])


def default():
    """Element −1 of three."""
    return float(tf.gather(X, -1))


def matched():
    """With the index wrapped round."""
    return float(tf.gather(X, tf.constant(-1) % 3))

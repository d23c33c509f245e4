"""No smoothing."""

import tensorflow as tf


def default():
    """The squares of 0 to 7, made three numbers."""
    row = tf.reshape(tf.range(8.0) ** 2, (1, 1, 8, 1))
    return tf.image.resize(row, (1, 3)).numpy().ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

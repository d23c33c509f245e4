"""By centres."""

import tensorflow as tf


def default():
    """Which of 8 pixels are taken for 3."""
    row = tf.reshape(tf.range(8.0), (1, 1, 8, 1))
    return tf.image.resize(row, (1, 3), method="nearest").numpy().ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

"""a = −0.5."""

import tensorflow as tf


def default():
    """Four of 16 numbers, from the squares of 0 to 7."""
    row = tf.reshape(tf.range(8.0) ** 2, (1, 1, 8, 1))
    return tf.image.resize(row, (1, 16), method="bicubic").numpy().ravel()[6:10].tolist()


def matched():
    """Nothing to change."""
    return default()

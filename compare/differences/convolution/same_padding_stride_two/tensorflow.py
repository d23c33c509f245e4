"""The odd zero is put at the end."""

import tensorflow as tf

X, ONES = tf.reshape(tf.range(1.0, 5.0), (1, 4, 1)), tf.ones((3, 1, 1))


def default():
    """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
    return tf.nn.conv1d(X, ONES, stride=2, padding="SAME").numpy().ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

"""An equal share."""

import tensorflow as tf


def default():
    """The gradient of the largest of 3, 3, 1, along axis 0."""
    x = tf.constant([3.0, 3.0, 1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_max(x, axis=0)
    return tape.gradient(y, x).numpy().tolist()


def matched():
    """Nothing to change."""
    return default()

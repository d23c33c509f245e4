"""The sign, which is 0."""

import tensorflow as tf


def default():
    """The gradient of |x| at 0."""
    x = tf.constant(0.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.abs(x)
    return float(tape.gradient(y, x))


def matched():
    """Nothing to change."""
    return default()

"""The bound belongs to the inside."""

import tensorflow as tf


def default():
    """The gradient of clip(x, −1, 1) at 1."""
    x = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.clip_by_value(x, -1.0, 1.0)
    return float(tape.gradient(y, x))


def matched():
    """Nothing to change."""
    return default()

"""`None`."""

import tensorflow as tf


def slope(f):
    """The gradient at 1.2."""
    x = tf.constant(1.2)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x)


def default():
    """Of round(x)."""
    return str(slope(tf.round))


def matched():
    """Straight through."""
    return str(float(slope(lambda x: x + tf.stop_gradient(tf.round(x) - x))))

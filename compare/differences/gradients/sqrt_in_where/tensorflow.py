"""The gradient of `sqrt` is a special operation; of an incoming 0 it makes 0."""

import tensorflow as tf


def slope(guarded):
    """The gradient at 0 of a root that is used only above 0."""
    x = tf.constant(0.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        inside = tf.where(x > 0, x, 1.0) if guarded else x
        y = tf.where(x > 0, tf.sqrt(inside), 0.0)
    return float(tape.gradient(y, x))


def default():
    """With one `where`."""
    return slope(guarded=False)


def matched():
    """With two."""
    return slope(guarded=True)

"""`None`."""

import tensorflow as tf


def gradient(**options):
    """The gradient of a² with respect to b."""
    a, b = tf.Variable(1.0), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = a * a
    return tape.gradient(y, b, **options)


def default():
    """Without a word about it."""
    return str(gradient())


def matched():
    """As zeros."""
    return str(float(gradient(unconnected_gradients="zero")))

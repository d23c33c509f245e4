"""All to the first."""

import tensorflow as tf


def default():
    """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
    a, b = tf.constant(1.0), tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch([a, b])
        y = tf.maximum(a, b)
    return [float(g) for g in tape.gradient(y, [a, b])]


def matched():
    """The first one wins, since it says so."""
    a, b = tf.constant(1.0), tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch([a, b])
        y = tf.where(a >= b, a, b)
    return [float(g) for g in tape.gradient(y, [a, b])]

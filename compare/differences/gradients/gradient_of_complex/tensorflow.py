"""The direction of steepest ascent."""

import tensorflow as tf


def default():
    """[real, imaginary] part of the gradient of |z|² at 1 + 2i."""
    z = tf.constant(1 + 2j)
    with tf.GradientTape() as tape:
        tape.watch(z)
        y = tf.math.real(z * tf.math.conj(z))
    gradient = complex(tape.gradient(y, z).numpy())
    return [gradient.real, gradient.imag]


def matched():
    """Nothing to change."""
    return default()

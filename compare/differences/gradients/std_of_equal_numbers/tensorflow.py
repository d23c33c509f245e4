"""0 times the infinite slope of the root."""

import tensorflow as tf


def slope(deviation):
    """The gradient at (2, 2)."""
    x = tf.constant([2.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = deviation(x)
    return tape.gradient(y, x).numpy().tolist()


def default():
    """Of the standard deviation."""
    return slope(tf.math.reduce_std)


def matched():
    """With a small number under the root."""
    return slope(lambda x: tf.sqrt(tf.math.reduce_variance(x) + 1e-12))

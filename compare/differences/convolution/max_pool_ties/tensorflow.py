"""The first."""

import tensorflow as tf


def default():
    """The gradient of the pooled number with respect to 1, 1, 0, 1."""
    x = tf.reshape([1.0, 1.0, 0.0, 1.0], (1, 4, 1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.max_pool1d(x, ksize=4, strides=4, padding="VALID")
    return tape.gradient(y, x).numpy().ravel().tolist()

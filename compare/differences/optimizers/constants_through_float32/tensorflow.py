"""Python floats pass through float32."""

import numpy as np
import tensorflow as tf


def default():
    """By how much two steps with momentum 0.9 fall short, in billionths."""
    return shortfall(0.9)


def matched():
    """The same, with a constant that has a dtype."""
    return shortfall(np.float64(0.9))


def shortfall(momentum):
    w = tf.Variable(0.0, dtype=tf.float64)
    optimizer = tf.keras.optimizers.SGD(learning_rate=1.0, momentum=momentum)
    for _ in range(2):
        optimizer.apply_gradients([(tf.ones_like(w), w)])
    return (2.9 + float(w)) * 1e9

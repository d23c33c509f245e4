"""TensorFlow's l2_loss: half the sum."""

import tensorflow as tf

ERRORS = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]


def default():
    """The squared error of two rows of three outputs."""
    return float(tf.nn.l2_loss(tf.constant(ERRORS)))


def matched():
    """The same as a mean."""
    return float(tf.reduce_mean(tf.square(tf.constant(ERRORS))))

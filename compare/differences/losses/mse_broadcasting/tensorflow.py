"""TensorFlow broadcasts."""

import tensorflow as tf

Z, Y = tf.constant([[1.0], [2.0], [3.0]]), tf.constant([1.0, 2.0, 3.0])


def default():
    """The mean squared error of predictions that are right."""
    return float(tf.reduce_mean(tf.square(Z - Y)))


def matched():
    """The same, with equal shapes."""
    return float(tf.reduce_mean(tf.square(Z - Y[:, None])))

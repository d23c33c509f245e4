"""The gradient of the sum."""

import tensorflow as tf

X = tf.constant([1.0, 2.0])


def default():
    """The gradient with respect to w of (w·1, w·2)."""
    w = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        losses = w * X
    return float(tape.gradient(losses, w))


def matched():
    """Of the mean."""
    w = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(w * X)
    return float(tape.gradient(loss, w))

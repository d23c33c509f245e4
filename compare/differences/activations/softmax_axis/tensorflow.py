"""It is the last axis."""

import tensorflow as tf


def default():
    """The first probability where all logits are equal: one over the length of the axis."""
    return float(tf.nn.softmax(tf.zeros((2, 4, 5)))[0, 0, 0])


def matched():
    """Nothing to change."""
    return default()

"""TensorFlow's function has no mode."""

import tensorflow as tf


def default():
    """Whether the function drops any of 100 ones."""
    tf.random.set_seed(0)
    return bool(tf.reduce_any(tf.nn.dropout(tf.ones(100), rate=0.5) == 0))


def matched():
    """The same, with nothing to drop."""
    return bool(tf.reduce_any(tf.nn.dropout(tf.ones(100), rate=0.0) == 0))

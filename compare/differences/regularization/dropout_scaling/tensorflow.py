"""TensorFlow divides by 1 − rate."""

import tensorflow as tf


def default():
    """The values that 100 ones take."""
    tf.random.set_seed(0)
    values, _ = tf.unique(tf.nn.dropout(tf.ones(100), rate=0.75))
    return sorted(values.numpy().tolist())

"""Stable."""

import tensorflow as tf


def default():
    """Of 1000 and 0."""
    return tf.nn.softmax([1000.0, 0.0]).numpy().tolist()

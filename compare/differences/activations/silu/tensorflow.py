"""`silu`, also called `swish`."""

import tensorflow as tf


def default():
    """Of 1."""
    return float(tf.nn.swish(1.0))

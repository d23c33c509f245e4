"""`tf.nn.gelu` is exact."""

import tensorflow as tf


def default():
    """GELU of 1."""
    return float(tf.nn.gelu(1.0))


def matched():
    """Nothing to change."""
    return default()

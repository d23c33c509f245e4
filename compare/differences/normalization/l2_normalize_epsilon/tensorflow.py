"""`l2_normalize` divides by √max(length², 1e-12)."""

import tensorflow as tf


def default():
    """The length of a vector of length 1e-9 after normalisation."""
    return float(tf.math.l2_normalize(tf.constant([1e-9, 0.0]))[0])


def matched():
    """Nothing to change."""
    return default()

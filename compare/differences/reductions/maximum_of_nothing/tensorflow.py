"""The neutral element of the maximum, −∞."""

import tensorflow as tf


def default():
    """The maximum of an empty tensor."""
    return float(tf.reduce_max(tf.zeros(0)))


def matched():
    """Nothing to change."""
    return default()

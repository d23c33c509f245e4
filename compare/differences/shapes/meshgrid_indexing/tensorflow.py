"""By columns: "xy"."""

import tensorflow as tf


def default():
    """The shape for 2 and 3 coordinates."""
    return list(tf.meshgrid(tf.zeros(2), tf.zeros(3))[0].shape)


def matched():
    """By rows."""
    return list(tf.meshgrid(tf.zeros(2), tf.zeros(3), indexing="ij")[0].shape)

"""Zeros."""

import tensorflow as tf


def default():
    """Class 3 of 3."""
    return tf.one_hot(3, 3).numpy().tolist()


def matched():
    """Nothing to change."""
    return default()

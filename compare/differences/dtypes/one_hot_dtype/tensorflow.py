"""The default float."""

import tensorflow as tf


def default():
    """The dtype of class 1 of 3."""
    return tf.one_hot(1, 3).dtype.name


def matched():
    """Nothing to change."""
    return default()

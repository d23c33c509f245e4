"""Sums are at least int32, also on TensorFlow."""

import keras


def default():
    """100 + 100 + 100."""
    return int(keras.ops.sum(keras.ops.convert_to_tensor([100, 100, 100], dtype="int8")))


def matched():
    """Nothing to change."""
    return default()

"""A float, on every backend."""

import keras


def default():
    """The mean of 1 and 2."""
    return float(keras.ops.mean(keras.ops.convert_to_tensor([1, 2])))


def matched():
    """Nothing to change."""
    return default()

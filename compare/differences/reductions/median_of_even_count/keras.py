"""The mean of the two in the middle, also on PyTorch."""

import keras


def default():
    """The median of 1, 2, 3, 4."""
    return float(keras.ops.median(keras.ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0])))


def matched():
    """Nothing to change."""
    return default()

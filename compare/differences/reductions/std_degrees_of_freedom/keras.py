"""Over n, also on PyTorch."""

import keras


def default():
    """The standard deviation of 1, 2, 3, 4."""
    return float(keras.ops.std(keras.ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0])))


def matched():
    """Nothing to change."""
    return default()

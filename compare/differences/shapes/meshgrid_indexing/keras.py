"""By columns: "xy", also on PyTorch."""

import keras


def default():
    """The shape for 2 and 3 coordinates."""
    return list(keras.ops.meshgrid(keras.ops.zeros(2), keras.ops.zeros(3))[0].shape)


def matched():
    """By rows."""
    x, y = keras.ops.zeros(2), keras.ops.zeros(3)
    return list(keras.ops.meshgrid(x, y, indexing="ij")[0].shape)

"""NaN."""

import keras


def default():
    """The mean of an empty tensor."""
    return float(keras.ops.mean(keras.ops.zeros((0,))))

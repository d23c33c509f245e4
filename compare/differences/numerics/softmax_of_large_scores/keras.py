"""Stable."""

import keras


def default():
    """Of 1000 and 0."""
    z = keras.ops.convert_to_tensor([1000.0, 0.0])
    return keras.ops.convert_to_numpy(keras.ops.softmax(z)).tolist()

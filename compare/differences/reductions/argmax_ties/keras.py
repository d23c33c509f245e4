"""The first."""

import keras


def default():
    """Where the maximum of 1, 3, 3 is."""
    return int(keras.ops.argmax(keras.ops.convert_to_tensor([1.0, 3.0, 3.0])))

"""True counts 1."""

import keras


def default():
    """One right of two."""
    predicted, y = keras.ops.convert_to_tensor([0, 1]), keras.ops.convert_to_tensor([0, 0])
    return float(keras.ops.mean(predicted == y))


def matched():
    """Nothing to change."""
    return default()

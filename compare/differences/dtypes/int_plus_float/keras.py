"""The float wins, whatever its size."""

import keras


def default():
    """The dtype of the sum."""
    total = keras.ops.add(keras.ops.ones(1, dtype="int32"), keras.ops.ones(1, dtype="float32"))
    return keras.backend.standardize_dtype(total.dtype)


def matched():
    """Nothing to change."""
    return default()

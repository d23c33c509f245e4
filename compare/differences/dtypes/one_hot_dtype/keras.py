"""The default float, on every backend."""

import keras


def default():
    """The dtype of class 1 of 3."""
    return keras.backend.standardize_dtype(keras.ops.one_hot(1, 3).dtype)


def matched():
    """Nothing to change."""
    return default()

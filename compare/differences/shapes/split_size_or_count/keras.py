"""Two parts."""

import keras


def default():
    """How many parts."""
    return len(keras.ops.split(keras.ops.arange(6), 2))


def matched():
    """Nothing to change."""
    return default()

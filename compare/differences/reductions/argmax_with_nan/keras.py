"""As the backend does."""

import keras

X = keras.ops.convert_to_tensor([1.0, float("nan"), 3.0])


def default():
    """Where the maximum of 1, NaN, 3 is."""
    return int(keras.ops.argmax(X))


def matched():
    """With NaN as the smallest."""
    return int(keras.ops.argmax(keras.ops.where(keras.ops.isnan(X), -float("inf"), X)))

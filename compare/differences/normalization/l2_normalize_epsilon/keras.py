"""`normalize` multiplies by 1/length, at most 1e7."""

import keras

X = keras.ops.convert_to_tensor([1e-9, 0.0])


def default():
    """The length of a vector of length 1e-9 after normalisation."""
    return float(keras.ops.normalize(X)[0])


def matched():
    """With a floor of 1e-6 under the length."""
    return float(keras.ops.normalize(X, epsilon=1e-6)[0])

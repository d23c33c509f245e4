"""The slope of the activation is 0.2."""

import keras


def default():
    """What −1 becomes."""
    return float(keras.activations.leaky_relu(keras.ops.convert_to_tensor(-1.0)))


def matched():
    """With a slope of 0.1."""
    x = keras.ops.convert_to_tensor(-1.0)
    return float(keras.activations.leaky_relu(x, negative_slope=0.1))

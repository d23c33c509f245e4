"""The slope of the layer is 0.3, while that of the activation is 0.2."""

import keras
import numpy as np


def default():
    """What −1 becomes."""
    return keras.ops.convert_to_numpy(keras.layers.LeakyReLU()(-np.ones((1, 1)))).item()


def matched():
    """With the slope of PyTorch."""
    layer = keras.layers.LeakyReLU(negative_slope=0.01)
    return keras.ops.convert_to_numpy(layer(-np.ones((1, 1)))).item()

"""`PReLU` starts as a relu."""

import keras
import numpy as np


def default():
    """What −1 becomes."""
    return float(keras.ops.convert_to_numpy(keras.layers.PReLU()(-np.ones((1, 1)))).item())


def matched():
    """With the slope of the paper."""
    layer = keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25))
    return float(keras.ops.convert_to_numpy(layer(-np.ones((1, 1)))).item())

"""The activation called "gelu" is exact."""

import keras
import numpy as np


def default():
    """GELU of 1."""
    output = keras.layers.Activation("gelu")(np.ones((1, 1), dtype="float32"))
    return keras.ops.convert_to_numpy(output).item()


def matched():
    """Nothing to change."""
    return default()

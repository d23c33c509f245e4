"""`UnitNormalization` and `keras.ops.normalize`."""

import keras
import numpy as np


def default():
    """The length of a vector of length 1e-9 after normalisation."""
    output = keras.layers.UnitNormalization()(np.array([[1e-9, 0.0]], dtype="float32"))
    return keras.ops.convert_to_numpy(output)[0, 0].item()


matched = default

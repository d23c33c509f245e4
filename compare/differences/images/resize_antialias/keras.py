"""No smoothing."""

import keras
import numpy as np


def default():
    """The squares of 0 to 7, made three numbers."""
    row = np.arange(8, dtype="float32").reshape(1, 1, 8, 1) ** 2
    return keras.ops.convert_to_numpy(keras.ops.image.resize(row, (1, 3))).ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

"""Padding does not count, on any backend."""

import keras
import numpy as np


def default():
    """The means of three neighbours in a row of threes, padded by one."""
    pool = keras.layers.AveragePooling1D(3, strides=1, padding="same")
    out = pool(np.full((1, 3, 1), 3.0, dtype="float32"))
    return keras.ops.convert_to_numpy(out).ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

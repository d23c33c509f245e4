"""The odd zero is put at the end, on every backend."""

import keras
import numpy as np

X, ONES = np.arange(1.0, 5.0, dtype="float32").reshape(1, 4, 1), np.ones((3, 1, 1), "float32")


def default():
    """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
    out = keras.ops.conv(X, ONES, strides=2, padding="same")
    return keras.ops.convert_to_numpy(out).ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

"""By centres, also on PyTorch."""

import keras
import numpy as np


def default():
    """Which of 8 pixels are taken for 3."""
    row = np.arange(8, dtype="float32").reshape(1, 1, 8, 1)
    small = keras.ops.image.resize(row, (1, 3), interpolation="nearest")
    return keras.ops.convert_to_numpy(small).ravel().tolist()


def matched():
    """Nothing to change."""
    return default()

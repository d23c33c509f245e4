"""a is the backend's."""

import keras
import numpy as np

ROW = np.arange(8, dtype="float32").reshape(1, 1, 8, 1) ** 2


def enlarged(**options):
    """Four of 16 numbers, from the squares of 0 to 7."""
    row = keras.ops.image.resize(ROW, (1, 16), interpolation="bicubic", **options)
    return keras.ops.convert_to_numpy(row).ravel()[6:10].tolist()


def default():
    """As it comes."""
    return enlarged()


def matched():
    """With the kernel that smoothing uses."""
    return enlarged(antialias=True)

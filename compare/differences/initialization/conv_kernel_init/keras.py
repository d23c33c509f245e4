"""`Conv2D` counts the outputs of a window, too."""

import keras
import numpy as np


def default():
    """The largest weight of a fresh layer: all but √(6 / (9·16 + 9·32))."""
    keras.utils.set_random_seed(0)
    layer = keras.layers.Conv2D(32, 3)
    layer.build((None, 8, 8, 16))
    return float(np.abs(layer.get_weights()[0]).max())


def matched():
    """The same, to three decimals."""
    return round(default(), 3)

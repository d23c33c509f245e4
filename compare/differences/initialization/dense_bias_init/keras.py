"""`Dense` starts from zero."""

import keras
import numpy as np


def default():
    """The largest bias of a fresh layer."""
    layer = keras.layers.Dense(1000)
    layer.build((None, 4))
    return float(np.abs(layer.get_weights()[1]).max())


def matched():
    """Nothing to change."""
    return default()

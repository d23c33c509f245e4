"""Keras divides by 1 − rate in training."""

import keras
import numpy as np


def default():
    """The values that 100 ones take."""
    layer = keras.layers.Dropout(0.75, seed=0)
    dropped = layer(keras.ops.ones(100), training=True)
    return np.unique(keras.ops.convert_to_numpy(dropped)).tolist()

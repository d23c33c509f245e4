"""Axis 1 is time."""

import keras
import numpy as np


def default():
    """How many sequences an LSTM sees in a (4, 7, 1)."""
    return int(keras.layers.LSTM(2)(np.zeros((4, 7, 1), dtype="float32")).shape[0])


def matched():
    """Nothing to change."""
    return default()

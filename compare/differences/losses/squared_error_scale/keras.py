"""Keras: the mean over the outputs, and then over the rows."""

import keras
import numpy as np


def default():
    """The squared error of two rows of three outputs."""
    z = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    return float(keras.losses.MeanSquaredError()(np.zeros((2, 3)), z))


def matched():
    """The same."""
    return default()

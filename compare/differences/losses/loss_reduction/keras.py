"""Keras's functions leave the rows."""

import keras
import numpy as np

Z = np.array([[1.0], [3.0]])


def default():
    """The squared error of two rows."""
    losses = keras.losses.mean_squared_error(np.zeros((2, 1)), Z)
    return keras.ops.convert_to_numpy(losses).tolist()


def matched():
    """The same, by the class."""
    return float(keras.losses.MeanSquaredError()(np.zeros((2, 1)), Z))

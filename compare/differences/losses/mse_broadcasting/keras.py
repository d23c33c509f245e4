"""Keras drops an axis of one."""

import keras
import numpy as np

Z, Y = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])


def default():
    """The mean squared error of predictions that are right."""
    return float(keras.losses.MeanSquaredError()(Y, Z))


def matched():
    """The same, with equal shapes."""
    return float(keras.losses.MeanSquaredError()(Y[:, None], Z))

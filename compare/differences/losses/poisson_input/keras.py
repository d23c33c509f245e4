"""Keras: z − y·log z."""

import keras
import numpy as np


def default():
    """The loss of prediction 2 and count 3."""
    return float(keras.losses.Poisson()(np.array([[3.0]]), np.array([[2.0]])))


def matched():
    """The same."""
    return default()

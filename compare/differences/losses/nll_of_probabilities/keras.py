"""Keras takes the logarithm."""

import keras
import numpy as np


def default():
    """The loss of three probabilities, of which the first is right."""
    loss = keras.losses.SparseCategoricalCrossentropy()
    return float(loss(np.array([0]), np.array([[0.7, 0.2, 0.1]])))


def matched():
    """The same."""
    return default()

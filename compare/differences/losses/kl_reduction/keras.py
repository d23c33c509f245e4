"""Keras sums over the classes and takes the mean over the rows."""

import keras
import numpy as np

P = np.array([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2]])
Q = np.array([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])


def default():
    """How far the predictions Q are from the truth P."""
    return float(keras.losses.KLDivergence()(P, Q))


def matched():
    """The same."""
    return default()

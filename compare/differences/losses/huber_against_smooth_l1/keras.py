"""Huber's loss has slope delta in the tails."""

import keras
import numpy as np


def default():
    """The loss of an error of 3 with threshold 2."""
    return float(keras.losses.Huber(delta=2.0)(np.zeros((1, 1)), np.full((1, 1), 3.0)))


def matched():
    """The same."""
    return default()

"""Keras takes labels of 0 and 1 for −1 and 1."""

import keras
import numpy as np


def default():
    """The loss of score −0.5 and label 0."""
    return float(keras.losses.Hinge()(np.array([[0.0]]), np.array([[-0.5]])))


def matched():
    """The same with the label −1."""
    return float(keras.losses.Hinge()(np.array([[-1.0]]), np.array([[-0.5]])))

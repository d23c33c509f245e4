"""Keras weighs each batch by its rows."""

import keras
import numpy as np


def default():
    """The mean squared error of three rows in two batches."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss="mse", run_eagerly=True)
    errors = np.array([[0.0], [0.0], [3.0]])
    return float(model.evaluate(errors, np.zeros((3, 1)), batch_size=2, verbose=0))


def matched():
    """The same."""
    return default()

"""Keras expects probabilities."""

import keras
import numpy as np

PROBABILITIES = np.array([[0.7, 0.2, 0.1]], dtype="float32")


def default():
    """The loss of three probabilities, of which the first is right."""
    loss = keras.losses.SparseCategoricalCrossentropy()
    return float(loss(np.array([0]), PROBABILITIES))


def matched():
    """The same from logits."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return float(loss(np.array([0]), np.log(PROBABILITIES)))

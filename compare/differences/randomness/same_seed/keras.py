"""The backend's own generator."""

import keras
import numpy as np


def default():
    """The first number between 0 and 1."""
    return float(keras.random.uniform((), seed=0))


def matched():
    """As NumPy drew it."""
    return float(keras.ops.convert_to_tensor(np.random.default_rng(0).uniform()))

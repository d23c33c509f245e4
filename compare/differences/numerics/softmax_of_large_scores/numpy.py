"""The definition, after subtracting the largest."""

import numpy as np


def default():
    """Of 1000 and 0."""
    e = np.exp(np.array([1000.0, 0.0]) - 1000)
    return (e / e.sum()).tolist()

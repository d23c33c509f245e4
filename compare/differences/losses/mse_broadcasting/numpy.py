"""NumPy broadcasts."""

import numpy as np

Z, Y = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])


def default():
    """The mean squared error of predictions that are right."""
    return float(np.mean((Z - Y) ** 2))


def matched():
    """The same, with equal shapes."""
    return float(np.mean((Z - Y[:, None]) ** 2))

"""Both in double precision."""

import numpy as np


def default():
    """[the mean of 0.1 and 0.2, their scalar product with 0.3 and 0.4]."""
    x, w = np.array([0.1, 0.2]), np.array([0.3, 0.4])
    return [float(np.mean(x)), float(np.matmul(x, w))]


def matched():
    """Nothing to change."""
    return default()

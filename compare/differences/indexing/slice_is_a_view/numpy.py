"""A slice shares its memory."""

import numpy as np


def default():
    """The first number of the whole after 9 was written into a slice."""
    x = np.zeros(4)
    part = x[:2]
    part[0] = 9.0
    return float(x[0])


def matched():
    """After 9 was written into a copy."""
    x = np.zeros(4)
    part = x[:2].copy()
    part[0] = 9.0
    return float(x[0])

"""A float."""

import numpy as np


def default():
    """The mean of 1 and 2."""
    return float(np.mean(np.array([1, 2])))


def matched():
    """Nothing to change."""
    return default()

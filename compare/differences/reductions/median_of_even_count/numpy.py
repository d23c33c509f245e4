"""The mean of the two in the middle."""

import numpy as np


def default():
    """The median of 1, 2, 3, 4."""
    return float(np.median([1.0, 2.0, 3.0, 4.0]))


def matched():
    """Nothing to change."""
    return default()

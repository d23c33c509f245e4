"""Each element."""

import numpy as np


def default():
    """1, 2 repeated twice."""
    return np.array([1, 2]).repeat(2).tolist()


def matched():
    """Nothing to change."""
    return default()

"""True counts 1."""

import numpy as np


def default():
    """One right of two."""
    return float((np.array([0, 1]) == np.array([0, 0])).mean())


def matched():
    """Nothing to change."""
    return default()

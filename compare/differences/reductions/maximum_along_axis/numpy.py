"""The values."""

import numpy as np


def default():
    """How many things come back of a (3, 5)."""
    return len(np.zeros((3, 5)).max(axis=0))


def matched():
    """Nothing to change."""
    return default()

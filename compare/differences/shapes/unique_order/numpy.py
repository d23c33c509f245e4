"""Sorted."""

import numpy as np


def default():
    """Of 3, 1, 3."""
    return np.unique([3, 1, 3]).tolist()


def matched():
    """Nothing to change."""
    return default()

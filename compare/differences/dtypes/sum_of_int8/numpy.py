"""Sums are at least as wide as the machine's integers."""

import numpy as np


def default():
    """100 + 100 + 100."""
    return int(np.array([100, 100, 100], dtype="int8").sum())


def matched():
    """Nothing to change."""
    return default()

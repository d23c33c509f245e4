"""Two parts."""

import numpy as np


def default():
    """How many parts."""
    return len(np.split(np.arange(6), 2))


def matched():
    """Nothing to change."""
    return default()

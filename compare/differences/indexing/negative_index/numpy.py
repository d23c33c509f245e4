"""The last one."""

import numpy as np


def default():
    """Element −1 of three."""
    return float(np.take(np.array([1.0, 2.0, 3.0]), -1))


def matched():
    """Nothing to change."""
    return default()

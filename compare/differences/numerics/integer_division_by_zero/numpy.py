"""0, with a warning."""

import warnings

import numpy as np


def default():
    """7 // 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return int(np.array(7) // np.array(0))


def matched():
    """By at least 1."""
    return int(np.array(7) // np.maximum(0, 1))

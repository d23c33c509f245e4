"""PCG64."""

import numpy as np


def default():
    """The first number between 0 and 1."""
    return float(np.random.default_rng(0).uniform())


def matched():
    """Nothing to change."""
    return default()

"""The definition, with no epsilon at all."""

import numpy as np


def default():
    """What becomes of 0.1, in a batch of ±0.1: one standard deviation."""
    x = np.array([0.1, -0.1])
    return float(x[0] / x.std())

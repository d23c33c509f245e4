"""The end is excluded, unless `endpoint=True`."""

import numpy as np


def default():
    """[the smallest, the largest] of 1,000 integers between 0 and 3."""
    draws = np.random.default_rng(0).integers(0, 3, 1000)
    return [int(draws.min()), int(draws.max())]

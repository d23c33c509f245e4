"""NaN, with a warning."""

import warnings

import numpy as np


def default():
    """The mean of an empty array."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(np.mean(np.zeros(0)))

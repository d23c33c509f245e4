"""NaN is taken for the largest."""

import numpy as np

X = np.array([1.0, np.nan, 3.0])


def default():
    """Where the maximum of 1, NaN, 3 is."""
    return int(np.argmax(X))


def matched():
    """With NaN as the smallest."""
    return int(np.argmax(np.where(np.isnan(X), -np.inf, X)))

"""The mean is subtracted before squaring."""

import numpy as np

X = np.array([10000, 10001, 10002, 10003], dtype="float32")


def default():
    """Whether the variance of 10000 to 10003 comes out as 1.25."""
    return bool(abs(X.var() - 1.25) < 0.1)


def matched():
    """After subtracting what they have in common."""
    return float((X - 10000).var())

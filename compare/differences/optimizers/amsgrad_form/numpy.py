"""The largest of the uncorrected moments, corrected afterwards."""

import numpy as np


def default():
    """How far three steps go, in learning rates."""
    w = m = v = largest = 0.0
    for t, g in enumerate((1.0, 0.0, 0.0), start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        largest = max(largest, v)
        w -= m / (1 - 0.9**t) / np.sqrt(largest / (1 - 0.999**t))
    return -float(w)

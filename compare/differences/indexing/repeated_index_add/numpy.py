"""The old value is read twice and written twice."""

import numpy as np


def default():
    """What 0 becomes."""
    x = np.zeros(2)
    x[[0, 0]] += 1
    return float(x[0])


def matched():
    """Unbuffered."""
    x = np.zeros(2)
    np.add.at(x, [0, 0], 1)
    return float(x[0])

"""`correlate` is the definition."""

import numpy as np


def default():
    """1, 2, 3, 4 with the kernel 1, 0, −1, or rather along it."""
    return np.correlate([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, -1.0], mode="valid").tolist()

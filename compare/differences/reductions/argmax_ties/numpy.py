"""The first."""

import numpy as np


def default():
    """Where the maximum of 1, 3, 3 is."""
    return int(np.argmax([1.0, 3.0, 3.0]))

"""64 bits (since NumPy 2.0 on Windows, too)."""

import numpy as np


def default():
    """The dtype of [1, 2]."""
    return str(np.array([1, 2]).dtype)


def matched():
    """When asked for."""
    return str(np.array([1, 2], dtype="int32").dtype)

"""The wider one."""

import numpy as np

SINGLE, DOUBLE = np.ones(1, dtype="float32"), np.ones(1, dtype="float64")


def default():
    """The dtype of the sum."""
    return str((SINGLE + DOUBLE).dtype)


def matched():
    """With the double cast."""
    return str((SINGLE + DOUBLE.astype("float32")).dtype)

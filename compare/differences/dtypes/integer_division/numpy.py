"""Double precision."""

import numpy as np


def default():
    """The dtype of 7 / 2."""
    return str((np.array([7], dtype="int32") / 2).dtype)


def matched():
    """With a cast before."""
    return str((np.array([7], dtype="float32") / 2).dtype)

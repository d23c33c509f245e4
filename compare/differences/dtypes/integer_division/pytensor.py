"""Double precision."""

import numpy as np
import pytensor.tensor as pt


def default():
    """The dtype of 7 / 2."""
    return str((pt.constant(np.array([7], dtype="int32")) / 2).dtype)


def matched():
    """With a cast before."""
    x = pt.constant(np.array([7], dtype="float32"))
    return str((x / np.float32(2)).dtype)

"""The float must hold every integer."""

import numpy as np

I, F = np.ones(1, dtype="int32"), np.ones(1, dtype="float32")


def default():
    """The dtype of the sum."""
    return str((I + F).dtype)


def matched():
    """With the integer cast."""
    return str((I.astype("float32") + F).dtype)

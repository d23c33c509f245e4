"""By columns: "xy"."""

import numpy as np


def default():
    """The shape for 2 and 3 coordinates."""
    return list(np.meshgrid(np.zeros(2), np.zeros(3))[0].shape)


def matched():
    """By rows."""
    return list(np.meshgrid(np.zeros(2), np.zeros(3), indexing="ij")[0].shape)

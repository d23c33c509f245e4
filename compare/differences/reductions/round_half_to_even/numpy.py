"""To the even one."""

import numpy as np


def default():
    """½, 1½, 2½, −½."""
    return np.round([0.5, 1.5, 2.5, -0.5]).tolist()

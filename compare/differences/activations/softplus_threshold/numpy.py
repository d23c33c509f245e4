"""The definition, log(1 + eˣ)."""

import numpy as np


def default():
    """How much more than 20.5 it is at 20.5."""
    return float(np.logaddexp(20.5, 0.0) - 20.5)


def matched():
    """Nothing to change."""
    return default()

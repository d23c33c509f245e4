"""The definition, in double precision."""

import math


def default():
    """GELU of 1."""
    return 0.5 * (1 + math.erf(1 / math.sqrt(2)))


def matched():
    """Nothing to change."""
    return default()

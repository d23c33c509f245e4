"""The definition, x·σ(x)."""

import math


def default():
    """Of 1."""
    return 1 / (1 + math.exp(-1))

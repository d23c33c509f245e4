"""Stable."""

import pytensor.tensor as pt


def default():
    """Of 1000 and 0."""
    return pt.special.softmax(pt.constant([1000.0, 0.0])).eval().tolist()

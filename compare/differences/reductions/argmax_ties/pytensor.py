"""The first."""

import pytensor.tensor as pt


def default():
    """Where the maximum of 1, 3, 3 is."""
    return int(pt.argmax(pt.constant([1.0, 3.0, 3.0])).eval())

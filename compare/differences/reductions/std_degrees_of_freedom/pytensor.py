"""`ddof` is 0, as in NumPy."""

import pytensor.tensor as pt


def default():
    """The standard deviation of 1, 2, 3, 4."""
    return float(pt.std(pt.constant([1.0, 2.0, 3.0, 4.0])).eval())


def matched():
    """Nothing to change."""
    return default()

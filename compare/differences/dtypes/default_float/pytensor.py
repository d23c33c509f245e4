"""`floatX`, which is float64."""

import pytensor.tensor as pt


def default():
    """The dtype of zeros."""
    return str(pt.zeros(3).dtype)


def matched():
    """When asked for."""
    return str(pt.zeros(3, dtype="float32").dtype)

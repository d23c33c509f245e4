"""By convention: a unit that is not above zero passes nothing back."""


def default():
    """The slope at 0."""
    return float(0.0 > 0)

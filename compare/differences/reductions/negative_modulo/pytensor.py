"""As in Python."""

import pytensor.tensor as pt


def default():
    """[−7 % 3, −7 // 3]."""
    x = pt.constant(-7)
    return [int((x % 3).eval()), int((x // 3).eval())]

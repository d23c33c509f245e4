"""To the even one."""

import pytensor.tensor as pt


def default():
    """½, 1½, 2½, −½."""
    return pt.round(pt.constant([0.5, 1.5, 2.5, -0.5])).eval().tolist()

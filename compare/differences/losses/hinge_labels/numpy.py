"""The formula."""


def default():
    """The loss of score −0.5 and label 0."""
    return hinge(y=0.0)


def matched():
    """The same with the label −1."""
    return hinge(y=-1.0)


def hinge(y):
    return max(0.0, 1.0 - y * -0.5)

"""The formula in the form of PyTorch."""


def default():
    """How far three steps go."""
    w = velocity = 0.0
    for gradient in (1.0, 2.0, -1.0):
        velocity = 0.9 * velocity + gradient
        w -= 0.1 * (gradient + 0.9 * velocity)
    return -w

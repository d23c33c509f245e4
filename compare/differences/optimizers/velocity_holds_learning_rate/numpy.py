"""The velocity is a sum of gradients; the learning rate comes after it."""


def default():
    """How far two steps go, the second with a tenth of the learning rate."""
    w = velocity = 0.0
    for learning_rate in (0.1, 0.01):
        velocity = 0.9 * velocity + 1.0
        w -= learning_rate * velocity
    return -w


def matched():
    """The same."""
    return default()

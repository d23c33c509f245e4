"""Every class gets a third of the tenth."""

import numpy as np


def default():
    """The loss of logits 2, 1 and 0, of which the first is right."""
    z = np.array([2.0, 1.0, 0.0])
    target = 0.9 * np.array([1.0, 0.0, 0.0]) + 0.1 / 3
    return float(-np.sum(target * (z - np.log(np.sum(np.exp(z))))))

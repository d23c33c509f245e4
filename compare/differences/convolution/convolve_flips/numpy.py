"""The kernel is turned round."""

import numpy as np

X, KERNEL = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, -1.0])


def default():
    """1, 2, 3, 4 with the kernel 1, 0, −1."""
    return np.convolve(X, KERNEL, mode="valid").tolist()


def matched():
    """With a kernel turned round beforehand."""
    return np.convolve(X, KERNEL[::-1], mode="valid").tolist()

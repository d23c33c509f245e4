"""Algorithm 1 of Kingma and Ba, as it is printed."""

import numpy as np


def default():
    """How far one step from gradient 0.01 goes, in learning rates."""
    return step([0.01])


def matched():
    """The same over three steps."""
    return step([0.01, 0.02, -0.01])


def step(gradients, beta_1=0.9, beta_2=0.999, epsilon=1e-3):
    w, m, v = 0.0, 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        w -= m_hat / (np.sqrt(v_hat) + epsilon)
    return -float(w)

"""The definition, with blocks in the order input, forget, candidate, output."""

import numpy as np

X, H, B = [0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.4, 0.3, 0.2, 0.1]


def default():
    """The output after the inputs 1, 2, 3."""
    h = c = 0.0
    for x in (1.0, 2.0, 3.0):
        z = x * np.array(X) + h * np.array(H) + np.array(B)
        i, f, _, o = 1 / (1 + np.exp(-z))
        c = f * c + i * np.tanh(z[2])
        h = o * np.tanh(c)
    return float(h)

"""How steeply a loss curves: what sets the largest stable learning rate."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array


def curvatures(x: Array) -> Array:
    """The curvatures of the mean squared error of x · w, from the steepest to the flattest.

    They are the eigenvalues of its Hessian 2·XᵀX/n. x (n, knobs) → (knobs,).
    """
    return np.linalg.eigvalsh(2 * x.T @ x / len(x))[::-1]


def steepest_of_softmax(x: Array, l2: float) -> float:
    """An upper bound of the curvature of softmax regression on x (n, n_in), with a penalty.

    Half the largest eigenvalue of XᵀX/n, with a column of ones for the biases, plus l2.
    """
    with_bias = np.column_stack([x, np.ones(len(x))])
    return float(np.linalg.eigvalsh(with_bias.T @ with_bias / len(x))[-1] / 2 + l2)

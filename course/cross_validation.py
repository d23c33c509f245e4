"""How well a straight model predicts rows that were not used to make it."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array

HEAPS = 5


def cross_validated(x: Array, y: Array, seed: int) -> float:
    """R² of least squares, each fifth of the rows predicted by a model of the other four.

    x (n, columns) and y (n,), both standardised. seed: deals the rows into heaps.
    """
    error = np.zeros(len(x))
    for heap in np.array_split(np.random.default_rng(seed).permutation(len(x)), HEAPS):
        others = np.ones(len(x), bool)
        others[heap] = False
        error[heap] = x[heap] @ np.linalg.lstsq(x[others], y[others])[0] - y[heap]
    return float(1 - (error**2).mean())

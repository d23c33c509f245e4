"""What a layer of a network knows: how well a flat model reads the classes off its output."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array

RIDGE = 1e-4  # of the number of rows; keeps neurons that are always silent from dividing by zero


def probe(train: Array, y: Array, test: Array, y_test: Array) -> float:
    """The accuracy of least squares, one column for each class, on a layer's output.

    train (n, units), y (n,): to fit it on; test (m, units), y_test (m,): to judge it by.
    """
    train, test = (np.column_stack([a, np.ones(len(a))]).astype(np.float64) for a in (train, test))
    ridge = RIDGE * len(train) * np.eye(train.shape[1])
    classes = int(max(y.max(), y_test.max())) + 1
    weights = np.linalg.solve(train.T @ train + ridge, train.T @ np.eye(classes)[y])
    return float(np.mean((test @ weights).argmax(1) == y_test))


def pulled_apart(a: Array, y: Array) -> float:
    """The share of the spread of a (n, units) that lies between the classes, not within them."""
    present = np.unique(y)
    centres = np.array([a[y == c].mean(0) for c in present])
    counts = np.array([np.sum(y == c) for c in present])
    total = np.sum((a - a.mean(0)) ** 2)
    return float(counts @ np.sum((centres - a.mean(0)) ** 2, 1) / (total or 1))

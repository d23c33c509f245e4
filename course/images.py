"""Helpers for images: shrink them, select some of each class, project points to two dimensions."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array


def pooled(images: Array, about: int = 7) -> Array:
    """Shrink images (n, h, w) to about 7×7: the mean of each square of pixels, (n, rows · columns).

    The squares are the largest that fit 7 times into the shorter side; remaining pixels at the
    right and at the bottom are not used. Smaller images stay as they are.
    """
    n, h, w = images.shape
    side = max(1, min(h, w) // about)
    rows, columns = h // side, w // side
    squares = images[:, : rows * side, : columns * side].reshape(n, rows, side, columns, side)
    return squares.mean((2, 4), dtype=np.float64).reshape(n, -1)


def first_of_each(y: Array, count: int) -> Array:
    """The row numbers of the first `count` rows of each class, in the order of the rows."""
    return np.sort(np.concatenate([np.flatnonzero(y == c)[:count] for c in np.unique(y)]))


def flattened(points: Array) -> Array:
    """The first two principal components (n, 2) of points (n, k)."""
    centred = np.asarray(points, np.float64) - points.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)  # by variance, the smallest first
    projected = centred @ directions[:, :-3:-1]
    return np.pad(projected, ((0, 0), (0, 2 - projected.shape[1])))

"""Pictures seen through windows, and the way back from the windows to the pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from adapters.contract import Array
from adapters.layers import Conv2D, Pool2D
from adapters.layers.pictures import around


def places(layer: Conv2D | Pool2D, x: Array) -> Iterator[tuple[slice, ...]]:
    """For each pixel of a window, row by row, where it meets the padded pictures."""
    step = layer.stride
    rows, columns, _ = layer.gives(x.shape[1:])
    for i in range(layer.size):
        for j in range(layer.size):
            down, right = i + step * (rows - 1) + 1, j + step * (columns - 1) + 1
            yield np.s_[:, i:down:step, j:right:step]


def windows(layer: Conv2D | Pool2D, x: Array, outside: float = 0.0) -> list[Array]:
    """For each pixel of a window, row by row, its values at all places, (n, rows, columns, c)."""
    margins = ((0, 0), around(layer, x.shape[1]), around(layer, x.shape[2]), (0, 0))
    padded = np.pad(x, margins, constant_values=outside)
    return [padded[place] for place in places(layer, x)]


def side_by_side(layer: Conv2D, x: Array) -> Array:
    """All windows as rows of numbers, (n, rows, columns, size · size · n_in)."""
    return np.concatenate(windows(layer, x), axis=3)


def gathered(layer: Conv2D | Pool2D, x: Array, parts: Sequence[Array]) -> Array:
    """The way back from `windows`: each pixel of x gets the sum of the parts that came from it."""
    (top, bottom), (left, right) = around(layer, x.shape[1]), around(layer, x.shape[2])
    n, height, width, channels = x.shape
    padded = np.zeros((n, top + height + bottom, left + width + right, channels), x.dtype)
    for place, part in zip(places(layer, x), parts, strict=True):
        padded[place] += part
    return padded[:, top : top + height, left : left + width]


def pixels(layer: Pool2D, x: Array) -> Array:
    """How many pixels of the picture each window sees, (rows, columns, 1)."""
    inside = np.ones((1, *x.shape[1:3], 1), x.dtype)
    return np.sum(windows(layer, inside), axis=0)[0]

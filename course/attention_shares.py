"""Who attends to whom in a trained network, by hand: for the pictures of lesson 8."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.contract import Array
from course.training import Run

OF_BLOCK = 12  # parameters of a block; in front of the first are the tables of letters and places
EPSILON = 1e-5  # of the norm, as the layer has it


def shares_of(
    run: Run, row: Array, attend: Callable[..., tuple[Array, Array]], heads: int, at: int = 0
) -> Array:
    """The shares (heads, n, n) of block `at` on one row (n,) of letters.

    attend(queries, keys, values, seen): each (n, d) → (n, d), and the shares (n, n).
    """
    assert run.model is not None
    own = run.params[2 + OF_BLOCK * at :]
    came = run.model.activations(row[None])[1 + 2 * at][0]  # (n, width)
    spread = np.sqrt(came.var(1, keepdims=True) + EPSILON)
    normed = own[0] * (came - came.mean(1, keepdims=True)) / spread + own[1]
    cut = [np.split(normed @ kernel, heads, axis=1) for kernel in own[2:5]]
    seen = np.tri(len(row)) > 0
    return np.stack([attend(*of_head, seen)[1] for of_head in zip(*cut, strict=True)])

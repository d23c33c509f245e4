"""The gap between two arrays, entry by entry, and the entry that uses most of its budget."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from compare.comparison import Finding


def gaps(a: Array, b: Array) -> Array:
    """|a − b| in float64: 0 for equal infinities, infinite where either is not a number."""
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(a.astype(np.float64) - b.astype(np.float64))
    return np.where(a == b, 0.0, np.nan_to_num(gap, nan=np.inf, posinf=np.inf))


def worst(
    stage: str, run: str, tensor: str, a: Array, b: Array, allowed: Array, steps: bool = False
) -> Finding:
    """The entry with the largest share of its budget. steps: the index counts the run's steps."""
    if a.shape != b.shape:
        return Finding(stage, run, tensor, np.inf, 0.0, f" {a.shape} and {b.shape}")
    if a.size == 0:
        return Finding(stage, run, tensor, 0.0, 0.0)
    gap = gaps(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(gap == 0, 0.0, gap / allowed)
    at = np.unravel_index(int(np.argmax(np.nan_to_num(share, nan=np.inf))), gap.shape)
    index = [int(i) for i in at]
    where = "" if steps or not index else str(index)
    step = index[0] if steps else None
    return Finding(stage, run, tensor, float(gap[at]), float(allowed[at]), where, step)

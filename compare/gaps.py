"""The gap between two arrays, entry by entry, and the entry that uses the most of its budget."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from compare.comparison import Finding
from course.overflow import quietly

SMALLEST_GAP = 5e-324  # for different integers that are equal in float64


@quietly
def gaps(a: Array, b: Array) -> Array:
    """|a − b| in float64: 0 exactly where they are equal, equal infinities included.

    Infinite where either is NaN.
    """
    gap = np.abs(a.astype(np.float64) - b.astype(np.float64))
    gap = np.nan_to_num(gap, nan=np.inf, posinf=np.inf)
    return np.where(a == b, 0.0, np.fmax(gap, SMALLEST_GAP))


@quietly
def over(gap: Array, allowed: Array) -> Array:
    """Where a gap is over its budget, by the rule of `Judged.holds`."""
    return (gap != 0) & ~((gap <= allowed) & (allowed < np.inf))


def worst(
    stage: str, run: str, tensor: str, a: Array, b: Array, allowed: Array, steps: bool = False
) -> Finding:
    """The entry with the largest share of its budget. steps: the index counts the run's steps."""
    if a.shape != b.shape:
        return Finding(stage, run, tensor, np.inf, 0.0, f" {a.shape} and {b.shape}")
    if a.size == 0:
        return Finding(stage, run, tensor, 0.0, 0.0)
    gap = gaps(a, b)
    at = np.unravel_index(int(np.argmax(_share(gap, allowed))), gap.shape)
    index = [int(i) for i in at]
    where = "" if steps or not index else str(index)
    step = index[0] if steps else None
    return Finding(stage, run, tensor, float(gap[at]), float(allowed[at]), where, step)


@quietly
def _share(gap: Array, allowed: Array) -> Array:
    share = np.where(np.isfinite(allowed), gap / allowed, np.inf)
    return np.where(gap == 0, 0.0, np.nan_to_num(share, nan=np.inf, posinf=np.inf))

"""A sentence about two arrays that should be equal: a ratio, an order, zeros, a rounding.

It is a description and no cause: it says how the numbers of one side follow from those of the
other, where they do, and leaves the reader to know what does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from adapters.contract import Array
from course.overflow import norm
from injections.precision import rounded

# A relation holds if it leaves this share of the array: far above rounding in the dtype (a sum over
# 784 products errs by some 30 ε), far below what any two relations differ by.
HOLDS = {"float64": 1e-9, "float32": 1e-4}
FEWEST = 3  # entries; of fewer, nearly everything is a relation
LARGEST_COUNT = 1e6  # a ratio that is a whole number, or one over it, up to here
SHIFTS = 4  # rows or columns
FEW = 0.25  # the share of rows or columns that "except in" may name
NARROW = {"bfloat16": 7, "TF32": 10, "float32": 23}  # bits of the fraction


def describe(
    ours: Array, theirs: Array, dtype: str, readings: Mapping[float, str] | None = None
) -> str:
    """How their array follows from ours, in words; "no simple relation" with the gap if in no way.

    readings: what some ratios mean here, such as the learning rate.
    """
    if ours.shape != theirs.shape:
        return f"the shapes differ: {theirs.shape} for {ours.shape}"
    a, b = ours.astype(float), theirs.astype(float)
    if not np.isfinite(b).all() and np.isfinite(a).all():
        return f"{int((~np.isfinite(b)).sum())} of {b.size} numbers are not finite"
    if not np.isfinite(a).all():
        return ""
    if a.size and not b.any():
        return "all numbers are 0"
    for text in _relations(a, b, HOLDS[dtype], dict(readings or {}), dtype):
        if text:
            return text
    gap = np.abs(a - b)
    return (
        f"no simple relation: {int((gap > HOLDS[dtype] * np.abs(a).max()).sum())} of {a.size} "
        f"numbers differ, by up to {gap.max():.3g}"
    )


def _relations(
    a: Array, b: Array, holds: float, readings: dict[float, str], dtype: str
) -> Iterator[str]:
    yield rounding(a, b, dtype)
    yield ratio(a, b, holds, readings)
    if a.size >= FEWEST:
        yield offset(a, b, holds)
        yield zeros(a, b, holds)
        yield order(a, b, holds)
        yield clipped(a, b, holds)
        yield part(a, b, holds)


def apart(a: Array, b: Array) -> float:
    """‖a − b‖ as a share of ‖b‖."""
    size = norm(b)
    return norm(a - b) / size if size else float(norm(a) > 0)


COMMON = {2.0: "twice", 0.5: "half", -1.0: "the sign is turned", 255.0: "0 to 255 for 0 to 1",
          1 / 255: "0 to 1 for 0 to 255, or divided by 255 twice",
          255 / 256: "by 256 for 255"}  # fmt: skip


def ratio(a: Array, b: Array, holds: float, readings: Mapping[float, str]) -> str:
    """b = c · a, with what c may mean."""
    size = float((a * a).sum())
    c = float((a * b).sum()) / size if size > 0 else 0.0
    if c == 0 or not np.isfinite(c) or apart(c * a, b) > holds or abs(c - 1) < holds:
        return ""
    return f"{c:.9g} times the other{reading(c, holds, readings)}"


def reading(c: float, holds: float, readings: Mapping[float, str]) -> str:
    """What a ratio may mean, in brackets; empty if it is no number that is known here."""
    for value, text in {**COMMON, **readings}.items():
        if value and abs(c / value - 1) < holds:
            return f" ({text})"
    for count, text in ((c, "{}"), (1 / c, "1/{}")):
        if 1 < abs(count) < LARGEST_COUNT and abs(count / round(count) - 1) < holds:
            return f" ({text.format(round(count))})"
    return ""


def offset(a: Array, b: Array, holds: float) -> str:
    """b = a + c."""
    c = float((b - a).mean())
    return f"the other plus {c:.9g}" if c and apart(a + c, b) <= holds else ""


def zeros(a: Array, b: Array, holds: float) -> str:
    """Entries that are 0 in one alone, as dropout and a missing column leave them."""
    lost = (b == 0) & (a != 0)
    rest = ~lost
    if not lost.any() or not b[rest].any():
        return ""
    share = f"{lost.sum() / a.size:.1%} of the numbers are 0"
    if apart(a[rest], b[rest]) <= holds:
        whole = [i for i in range(a.shape[-1]) if lost[..., i].all()] if a.ndim > 1 else []
        if whole and lost.sum() == len(whole) * lost[..., 0].size:
            return f"columns {', '.join(map(str, whole[:5]))} are 0, the others equal"
        return f"{share}, the others equal"
    c = float((a[rest] * b[rest]).sum() / (a[rest] ** 2).sum())
    return (
        f"{share}, the others {c:.6g} times as large"
        if apart(c * a[rest], b[rest]) <= holds
        else ""
    )


def order(a: Array, b: Array, holds: float) -> str:
    """The same numbers in another order."""
    if a.ndim == 2 and apart(a.T.reshape(a.shape), b) <= holds:
        square = a.shape[0] == a.shape[1]
        return "the transpose" if square else "the same numbers, read along the other axis"
    for axis in range(a.ndim):
        if a.shape[axis] > 1 and apart(np.flip(a, axis), b) <= holds:
            return f"the same numbers, axis {axis} reversed"
        for shift in range(1, min(a.shape[axis], SHIFTS)):
            for by in (shift, -shift):
                if apart(np.roll(a, by, axis), b) <= holds:
                    return f"the same numbers, shifted by {by} along axis {axis}"
    if a.ndim > 1:
        rows = [x.reshape(len(x), -1) for x in (a, b)]
        ours, theirs = (x[np.lexsort(x.T[::-1])] for x in rows)
        if apart(ours, theirs) <= holds:
            return "the same rows in another order"
    flat = [np.sort(x.ravel()) for x in (a, b)]
    return "the same numbers in another order" if apart(*flat) <= holds else ""


def clipped(a: Array, b: Array, holds: float) -> str:
    """b = clip(a, low, high)."""
    low, high = float(b.min()), float(b.max())
    if apart(np.clip(a, low, high), b) > holds:
        return ""
    cut = int((np.clip(a, low, high) != a).sum())
    return f"clipped to [{low:.6g}, {high:.6g}]: {cut} of {a.size} numbers" if cut else ""


def rounding(a: Array, b: Array, dtype: str) -> str:
    """Numbers of a narrower type, or a gap as large as its rounding."""
    if not a.any() or apart(a, b) == 0:
        return ""
    for name, bits in NARROW.items():
        narrow = [bool((rounded(x, bits) == x).all()) for x in (a, b)]
        is_wider = bits < NARROW["float32"] or dtype == "float64"
        if is_wider and narrow == [False, True] and apart(a, b) < 2.0**-bits:
            return f"numbers of {name}, within its rounding: {apart(a, b):.1e} of them"
    if dtype == "float64" and a.size >= FEWEST:
        gap = np.abs(a - b) / np.maximum(np.abs(a), np.abs(a).max() * 2.0**-10)
        if 2.0**-28 < float(np.median(gap)) < 2.0**-21 and apart(a, b) < 2.0**-20:
            return f"a gap of float32's rounding (2⁻²⁴ is 6e-08): {apart(a, b):.1e} of the numbers"
    return ""


def part(a: Array, b: Array, holds: float) -> str:
    """Equal except in some rows or columns."""
    for axis, wording in ((0, "rows"), (a.ndim - 1, "columns")):
        other = tuple(i for i in range(a.ndim) if i != axis)
        if not other:
            continue
        wrong = (np.abs(a - b) > holds * np.abs(a).max()).any(other)
        if 0 < wrong.sum() <= max(1, FEW * len(wrong)):
            places = ", ".join(map(str, np.flatnonzero(wrong)[:5]))
            return f"equal except in {wording} {places} of {len(wrong)}"
    return ""

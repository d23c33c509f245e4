"""What can be said of a gap that no remedy explains: a ratio, an order, zeros, rounding."""

from __future__ import annotations

import math

import torch

from triptych.port.layouts import EXACT, gap

NARROWER = {torch.bfloat16: 2.0**-9, torch.float16: 2.0**-11, torch.float32: 2.0**-24}
READINGS = {
    2.0: "twice", 0.5: "half", -1.0: "the sign is turned", 255.0: "0 to 255 against 0 to 1",
    1 / 255: "0 to 1 against 0 to 255",
}  # fmt: skip


def describe(a: torch.Tensor, b: torch.Tensor) -> str:
    """A sentence about two arrays that should be equal."""
    if a.shape != b.shape:
        return f"the shapes differ: {tuple(a.shape)} in A, {tuple(b.shape)} in B"
    a, b = a.double(), b.double()
    if not b.isfinite().all() and a.isfinite().all():
        return f"{int((~b.isfinite()).sum())} entries of B are not finite"
    if not b.any():
        return "B is all zeros"
    for text in (ratio(a, b), offset(a, b), zeros(a, b), order(a, b), rounding(a, b), part(a, b)):
        if text:
            return text
    return f"no simple relation; the largest difference is {float((a - b).abs().max()):.3g}"


def ratio(a: torch.Tensor, b: torch.Tensor) -> str:
    """B = c · A."""
    norm = float((a * a).sum())
    c = float((a * b).sum()) / norm if norm > 0 else math.nan
    if not math.isfinite(c) or c == 0 or gap(c * a, b) > EXACT:
        return ""
    reading = next((f" ({text})" for value, text in READINGS.items() if math.isclose(c, value)), "")
    count = 1 / c
    if not reading and abs(count - round(count)) < EXACT * abs(count) and 1 < abs(count) < 1e6:
        reading = f" (1/{round(count)})"
    return f"B = {c:.9g} × A{reading}"


def offset(a: torch.Tensor, b: torch.Tensor) -> str:
    """B = A + c."""
    c = float((b - a).mean())
    return f"B = A + {c:.9g}" if c and gap(a + c, b) <= EXACT else ""


def zeros(a: torch.Tensor, b: torch.Tensor) -> str:
    """Entries that are 0 in one and not in the other, as dropout leaves them."""
    lost = (b == 0) & (a != 0)
    share = float(lost.double().mean())
    remaining = ~lost
    if share < 0.01 or not remaining.any():
        return ""
    if gap(a[remaining], b[remaining]) <= EXACT:
        return f"{share:.0%} of the entries are 0 in B, the others are equal"
    c = float((a[remaining] * b[remaining]).sum() / (a[remaining] ** 2).sum())
    if gap(c * a[remaining], b[remaining]) <= EXACT and c > 1:
        return f"{share:.0%} of the entries are 0 in B, the others × {c:.6g}: dropout is on"
    return ""


def order(a: torch.Tensor, b: torch.Tensor) -> str:
    """The same numbers in another order."""
    for axis in range(a.ndim):
        if a.shape[axis] > 1 and gap(a.flip(axis), b) <= EXACT:
            return f"the same numbers with axis {axis} reversed"
        for shift in range(1, min(a.shape[axis], 4)):
            if gap(a.roll(shift, axis), b) <= EXACT:
                return f"the same numbers, shifted by {shift} along axis {axis}"
    if a.ndim < 2 or not len(a):
        return ""
    rows = [t.flatten(1).sort(1).values for t in (a, b)]
    return "the same numbers in another order" if gap(rows[0], rows[1]) <= EXACT else ""


def rounding(a: torch.Tensor, b: torch.Tensor) -> str:
    """Numbers of a narrower type than A's: each of B's is one, and near A's."""
    for dtype, epsilon in NARROWER.items():
        is_narrow = [torch.equal(t.to(dtype).double(), t) for t in (a, b)]
        if is_narrow == [False, True] and gap(a, b) < 64 * epsilon:
            name = str(dtype).removeprefix("torch.")
            return f"B's numbers are {name}, and within its rounding of A's: {gap(a, b):.1e}"
    if gap(a, b) < 8 * NARROWER[torch.float32]:
        return f"the size of float32's rounding: {gap(a, b):.1e} of A"
    return ""


def part(a: torch.Tensor, b: torch.Tensor) -> str:
    """Equal except in some rows or columns."""
    for axis, wording in ((0, "rows"), (a.ndim - 1, "columns")):
        other = [i for i in range(a.ndim) if i != axis]
        wrong = ((a - b).abs() > EXACT * a.abs().max()).double().sum(other) > 0 if other else None
        if wrong is not None and 0 < int(wrong.sum()) <= max(1, len(wrong) // 4):
            places = ", ".join(str(int(i)) for i in wrong.nonzero()[:5, 0])
            return f"equal except in {wording} {places} of {len(wrong)}"
    return ""

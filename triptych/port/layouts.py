"""Compare two arrays that may hold the same numbers in another layout."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch

# From Keras's layout to PyTorch's: channels last to first; the same; and first to last.
ORDERS: dict[int, list[tuple[int, ...]]] = {
    3: [(0, 1, 2), (0, 2, 1), (1, 0, 2)],
    4: [(0, 3, 1, 2), (0, 1, 2, 3), (0, 2, 3, 1)],
    5: [(0, 4, 1, 2, 3), (0, 1, 2, 3, 4)],
}
NEAR = 1e-6  # norms as near as this are looked at entry by entry, too
LARGEST_ENTRY = 32.0  # of rounding's typical size, that its largest entry may have: 5 of a million
TINY, HUGE = 1e-140, 1e140  # between these a number's square neither vanishes nor overflows
EXACT = 1e-9  # of the norm, for the same numbers: far above rounding, far below chance
UNLIKE = 0.5  # a gap of independent numbers is √2, one of a setting rarely above this
NEARER = 1 - 1e-6  # another layout has to be better by more than rounding


def gap(a: torch.Tensor, b: torch.Tensor) -> float:
    """‖a − b‖ / ‖a‖, or a share of the worst entry's, safe against scale; of a zero a, ‖b‖.

    Entries that are not finite on both sides alike count as equal.
    """
    a, b = a.detach().double(), b.detach().double()
    if not a.numel():
        return 0.0
    distance, size = float(torch.dist(a, b)), float(a.norm())
    if TINY < size < HUGE and distance < HUGE and (distance == 0 or distance > TINY):
        relative = distance / size
        return relative if relative > NEAR else max(relative, worst_entry(a, b) / LARGEST_ENTRY)
    return careful_gap(a, b)


def worst_entry(a: torch.Tensor, b: torch.Tensor) -> float:
    """The largest |a − b|, in shares of the entry itself and the typical one together.

    One wrong entry among millions is nothing in a norm.
    """
    difference = (a - b).abs()
    typical = float(a.norm()) / math.sqrt(a.numel())
    return float((difference / (a.abs() + typical)).max())


def careful_gap(a: torch.Tensor, b: torch.Tensor) -> float:
    """The same for numbers whose squares are out of range, and for those that are not finite."""
    alike = (a == b) | (a.isnan() & b.isnan())
    difference = torch.where(alike, torch.zeros(()).double(), a - b)
    if not difference.isfinite().all():
        return math.inf
    a = torch.where(a.isfinite(), a, torch.zeros(()).double())
    scale = max(float(a.abs().max()), 1e-300)
    size = float((a / scale).norm()) * scale
    largest = max(float(difference.abs().max()), 1e-300)
    distance = float((difference / largest).norm()) * largest if difference.any() else 0.0
    return distance / size if size > 1e-290 else distance


def fit(a: torch.Tensor, b: torch.Tensor) -> tuple[float, torch.Tensor | None]:
    """The smallest gap of b to a in any layout of a, and a in that layout; None: none is known.

    Where several layouts have b's shape, as of a square picture, only a near one tells which it is.
    """
    best, found, many = math.inf, None, 0
    for candidate in layouts(a, tuple(b.shape)):
        many += 1
        size = gap(candidate, b)
        if found is None or size < best * NEARER:
            best, found = size, candidate
    return best, None if many > 1 and best > UNLIKE else found


def layouts(a: torch.Tensor, shape: tuple[int, ...]) -> Iterator[torch.Tensor]:
    """a in each layout that has this shape."""
    if a.ndim == len(shape) + 1 and tuple(a.shape[1:]) == shape and is_repeated(a):
        a = a[0]  # b is broadcast over the batch later
    if a.ndim == len(shape) and shape[:1] == (1,) and len(a) > 1 and is_repeated(a):
        a = a[:1]
    orders = ORDERS.get(a.ndim) or [tuple(range(a.ndim))]
    for order in orders:
        turned = a.permute(order)
        if tuple(turned.shape) == shape:
            yield turned
        elif turned.numel() == math.prod(shape) and turned.ndim != len(shape):
            yield turned.reshape(shape)


def is_repeated(a: torch.Tensor) -> bool:
    """Whether every row of the batch holds the same numbers."""
    return bool((a == a[:1]).all())


def channels_first(a: torch.Tensor) -> torch.Tensor:
    """Pictures with the channels after the batch, as torch's functions read them."""
    return a.permute(0, a.ndim - 1, *range(1, a.ndim - 1))

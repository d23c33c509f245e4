"""Sketches of a run's quantities, in the order in which a run depends on them.

A trace stores a digest, a norm and a sketch of each quantity instead of the array: 33 steps of a
small network are 30 million numbers, their sketches 60,000. The sketch is a count sketch (Charikar,
Chen & Farach-Colton 2002): each entry is added, with a fixed random sign, to one of a few sums. The
distance of two sketches estimates the distance of the two arrays, a single wrong entry of a
thousand shows with its full size, and an array no longer than the sketch is stored completely.

The numbers of a diverging run grow until they overflow. Sums and norms of very large or very small
numbers are taken in units of a power of two. An array with an infinite or NaN entry has an infinite
norm, and no sums.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adapters.contract import Array
from course.overflow import exponent, norm, norm_of_scaled, quietly, scaled

# In the order in which a step depends on them.
STAGES = (
    "data",
    "initial weights",
    "batch",
    "layer output",
    "loss",
    "gradient",
    "optimizer slot",
    "update",
    "epoch",
)
SUMS = 64  # of a sketch; the estimated distance errs by about √(1/128), 9 %
SIGNS = 2**32 - 5  # the seed of the random signs
EXACT_INTEGERS = 2.0**53  # float64 represents every integer up to here
SMALLEST_DISTANCE = 5e-324  # of two arrays that are not equal
CACHE_SIZE = 16  # sketches of data; each is cached with its array, so that the id stays valid


@dataclass(frozen=True)
class Quantity:
    """One array of a run."""

    step: int  # −1 before the first
    stage: str  # one of STAGES
    tensor: str  # such as x, layer 0, loss, W0, velocity of W0
    array: Array


@dataclass(frozen=True)
class Sketch:
    """The summary of one array that a trace stores."""

    step: int
    stage: str
    tensor: str
    digest: str  # of the values: the same for 0 and −0, and for any precision
    norm: float  # infinite where an entry is not finite
    shape: tuple[int, ...]
    unit: int  # the sums are in units of 2^unit
    sums: Array  # (SUMS,)

    @property
    def place(self) -> tuple[int, str, str]:
        """The key by which sketches of two traces are matched."""
        return self.step, self.stage, self.tensor

    @property
    def finite(self) -> bool:
        """Whether every entry is finite."""
        return math.isfinite(self.norm)

    def distance(self, other: Sketch) -> float:
        """About ‖a − b‖: 0 only for equal arrays, infinite if shapes differ or one is not finite.

        For two arrays that are not finite it is 0 if all entries are equal, otherwise infinite.
        """
        if self.digest == other.digest:
            return 0.0
        if self.shape != other.shape or not (self.finite and other.finite):
            return math.inf
        unit = max(self.unit, other.unit)
        ours, theirs = (scaled(s.sums, s.unit - unit) for s in (self, other))
        return max(float(scaled(np.array(norm(ours - theirs)), unit)), SMALLEST_DISTANCE)


_data: dict[int, tuple[Array, Sketch]] = {}


def sketch(quantity: Quantity) -> Sketch:
    """The digest, norm and sketch of a quantity."""
    if quantity.stage == "data":  # the largest arrays, and the same in every walk
        cached = _data.get(id(quantity.array))
        if cached is not None and cached[0] is quantity.array:
            return cached[1]
    result = _sketch(quantity)
    if quantity.stage == "data":
        if len(_data) == CACHE_SIZE:
            _data.clear()
        _data[id(quantity.array)] = quantity.array, result
    return result


@quietly
def _sketch(quantity: Quantity) -> Sketch:
    array = quantity.array
    flat = np.ascontiguousarray(array).ravel().astype("<f8") + 0.0  # turns −0 into 0
    if np.isfinite(flat).all():
        unit = exponent(flat)
        numbers = scaled(flat, -unit)
        size, sums = norm_of_scaled(numbers, unit), _sums(numbers)
    else:
        flat[np.isnan(flat)] = np.nan  # one NaN for all: backends differ in its sign and payload
        unit, size, sums = 0, math.inf, np.zeros(SUMS)
    digest = hashlib.blake2b(flat.data, digest_size=8)
    if array.dtype.kind in "iu" and size > EXACT_INTEGERS:
        digest.update(np.ascontiguousarray(array).astype("<i8").tobytes())
    digest.update(str(array.shape).encode())
    return Sketch(
        quantity.step, quantity.stage, quantity.tensor, digest.hexdigest(), size, array.shape,
        unit, sums,
    )  # fmt: skip


def _sums(flat: Array) -> Array:
    padded = np.zeros(-(-max(1, flat.size) // SUMS) * SUMS)
    padded[: flat.size] = flat
    return (padded * _signs(padded.size)).reshape(-1, SUMS).sum(0)


@lru_cache(maxsize=32)
def _signs(size: int) -> Array:
    return np.random.default_rng([SIGNS, size]).choice(np.array([-1.0, 1.0]), size)

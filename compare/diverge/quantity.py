"""What a trace holds of a run: every quantity of every step, in the order in which they depend.

A quantity is kept as a digest, a norm and a sketch, not as the array itself: 33 steps of a small
network are 30 million numbers, their sketches 60,000. The sketch is a count sketch (Charikar, Chen
& Farach-Colton 2002): each entry is added, with a fixed random sign, to one of a few sums. The
distance of two sketches estimates the distance of the two arrays, a single wrong entry of a
thousand shows with its full size, and an array that is no longer than the sketch is kept whole.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adapters.contract import Array

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
SUMS = 64  # of a sketch; the estimate of a distance errs by some √(1/128), 9 %
SIGNS = 2**32 - 5  # their seed
KEPT = 16  # data whose sketches are remembered; the array is kept with it, so that its id stays its


@dataclass(frozen=True)
class Quantity:
    """One array of a run, while it is there."""

    step: int  # −1 before the first
    stage: str  # one of STAGES
    tensor: str  # such as x, layer 0, loss, W0, velocity of W0
    array: Array


@dataclass(frozen=True)
class Sketch:
    """What is kept of it."""

    step: int
    stage: str
    tensor: str
    digest: str
    norm: float
    shape: tuple[int, ...]
    sums: Array  # (SUMS,)

    @property
    def place(self) -> tuple[int, str, str]:
        """By what two sketches of two traces belong together."""
        return self.step, self.stage, self.tensor

    def distance(self, other: Sketch) -> float:
        """About ‖a − b‖: 0 for the same bits, infinite where the shapes differ or one is NaN."""
        if self.digest == other.digest:
            return 0.0
        if self.shape != other.shape:
            return float("inf")
        gap = float(np.linalg.norm(self.sums - other.sums))
        return gap if np.isfinite(gap) else float("inf")


_data: dict[int, tuple[Array, Sketch]] = {}


def sketch(quantity: Quantity) -> Sketch:
    """The digest, norm and sketch of a quantity."""
    if quantity.stage == "data":  # the largest arrays, and the same in walk after walk
        kept = _data.get(id(quantity.array))
        if kept is not None and kept[0] is quantity.array:
            return kept[1]
    made = _sketch(quantity)
    if quantity.stage == "data":
        if len(_data) == KEPT:
            _data.clear()
        _data[id(quantity.array)] = quantity.array, made
    return made


def _sketch(quantity: Quantity) -> Sketch:
    array = np.ascontiguousarray(quantity.array)
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    digest = hashlib.blake2b(little.tobytes(), digest_size=8)
    digest.update(f"{array.dtype.kind}{array.dtype.itemsize}{array.shape}".encode())
    flat = array.ravel().astype(np.float64)
    return Sketch(
        quantity.step, quantity.stage, quantity.tensor, digest.hexdigest(),
        float(np.linalg.norm(flat)), array.shape, _sums(flat),
    )  # fmt: skip


def _sums(flat: Array) -> Array:
    padded = np.zeros(-(-max(1, flat.size) // SUMS) * SUMS)
    padded[: flat.size] = flat
    return (padded * _signs(padded.size)).reshape(-1, SUMS).sum(0)


@lru_cache(maxsize=32)
def _signs(size: int) -> Array:
    return np.random.default_rng([SIGNS, size]).choice(np.array([-1.0, 1.0]), size)

"""One step of both sides, and how well some arrays explain another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from adapters.contract import Array, Net, Optimizer, Params
from compare.diverge.descriptions import HOLDS
from course.networks import names_of_parameters
from course.overflow import norm
from injections.measured import name_of

Arrays = Mapping[str, Array]  # "stage/tensor" → array, of one step
DIGITS = 6  # to which a measured number is rounded first: most are written with fewer


@dataclass(frozen=True)
class Step:
    """One step: both sides' arrays, the suspect's of the step before, and the setting."""

    net: Net
    optimizer: Optimizer
    dtype: str
    step: int
    ours: Arrays
    theirs: Arrays
    before: Arrays  # theirs, of the step before, or the initial weights

    @property
    def holds(self) -> float:
        """What share of an array a relation may leave."""
        return HOLDS[self.dtype]

    def each(self, of: Arrays, stage: str, prefix: str = "") -> Params:
        """The arrays of a stage, by parameter; none if one is missing."""
        keys = [f"{stage}/{prefix}{name}" for name in names_of_parameters(self.net)]
        return [of[key] for key in keys] if all(key in of for key in keys) else []

    def weights_before(self) -> Params:
        """The suspect's weights before the step."""
        return self.each(self.before, "update") or self.each(self.before, "initial weights")

    def slots(self, of: Arrays, slot: str) -> Params:
        """A slot of the optimizer, by parameter; zeros before the first step."""
        found = self.each(of, "optimizer slot", f"{slot.replace('_', ' ')} of ")
        return found or [np.zeros(shape) for shape in self.net.shapes]


def named(family: str, *values: float) -> Iterator[str]:
    """The family with the value as it is written, and as it was measured, if that is another."""
    if not all(np.isfinite(values)):
        return
    short = tuple(float(f"{value:.{DIGITS}g}") for value in values)
    yield name_of(family, *short)
    if short != values and any(
        abs(a / b - 1) > 1e-12 for a, b in zip(short, values, strict=True) if b
    ):
        yield name_of(family, *map(float, values))


def fitted(target: Params, *columns: Params) -> tuple[Array, float]:
    """The least squares factors of the columns, and the share of the target that they leave."""
    y = np.concatenate([a.ravel() for a in target]).astype(float)
    x = np.stack([np.concatenate([a.ravel() for a in c]).astype(float) for c in columns], 1)
    if not (np.isfinite(x).all() and np.isfinite(y).all() and y.any() and x.any(0).all()):
        return np.zeros(len(columns)), 1.0
    factors = np.linalg.lstsq(x, y, rcond=None)[0]
    return factors, norm(y - x @ factors) / norm(y)

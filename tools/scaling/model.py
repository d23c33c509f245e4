"""A model of the seconds of a data-parallel step: shared computing and a ring all-reduce.

    step(N) = s · (once + each · rows/N)                    computing; s = max(1, N / cores)
            + s · (2 (N − 1) · α + 2 (N − 1)/N · bytes · β)  a ring all-reduce

α is the time until the first byte arrives and β the time for each byte: Hockney's model (1994). The
ring has 2 (N − 1) turns, and in each of them every worker passes on an N-th of the gradient:
Patarasuk & Yuan (2009). s is for workers that share the cores of one machine; on loopback the
kernel copies every byte, so communication uses cores as well. Workers with a machine each have
s = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Computing:
    """The seconds of a gradient on one worker: a straight line in its rows."""

    once: float
    each: float

    @classmethod
    def fitted(cls, rows: Sequence[int], seconds: Sequence[float]) -> Computing:
        """The line with the smallest relative errors."""
        each, once = np.polyfit(rows, seconds, 1, w=1 / np.asarray(seconds))
        return cls(max(float(once), 0.0), float(each))

    def seconds(self, rows: float) -> float:
        """The seconds for this number of rows."""
        return self.once + self.each * rows


@dataclass(frozen=True)
class Cable:
    """The cost of a message: α seconds, and β seconds for each byte."""

    alpha: float
    beta: float

    @classmethod
    def fitted(cls, sizes: Sequence[int], seconds: Sequence[float]) -> Cable:
        """Fit all-reduces of these sizes in bytes by two workers: two turns and one copy."""
        beta, twice_alpha = np.polyfit(sizes, seconds, 1, w=1 / np.asarray(seconds))
        return cls(max(float(twice_alpha) / 2, 0.0), float(beta))

    def all_reduce(self, workers: int, size: float) -> float:
        """The seconds of a ring all-reduce of this many bytes."""
        turns = 2 * (workers - 1)
        return turns * (self.alpha + size / workers * self.beta)


def step(
    workers: int, rows: float, size: float, computing: Computing, cable: Cable,
    cores: int | None = None,
) -> float:  # fmt: skip
    """The seconds of a step. rows: on each worker; cores: shared by the workers, None: one each."""
    sharing = 1.0 if cores is None else max(1.0, workers / cores)
    return sharing * (computing.seconds(rows) + cable.all_reduce(workers, size))

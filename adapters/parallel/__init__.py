"""Training on several workers with the numbers of one: the part that the backends share.

Every worker is a process that runs the whole lesson on the same data in the same order, and takes
its share of the rows of each batch. With n_k of a batch's n rows a worker computes

    part_k = n_k / n · loss of its rows (their mean, plus the penalty)

The parts sum to the loss of the whole batch, and their gradients to its gradient, however unevenly
the rows are divided; so do the penalties, because the shares sum to 1. A mean of the workers' means
is another number wherever n_k differs. The frameworks do the summing and all communication. A batch
may have fewer rows than there are workers. A worker without rows then takes part with one row of
weight 0, since a collective waits for every worker.
"""

from __future__ import annotations

import mmap
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from adapters.contract import Array, Model, TriptychError, require

WORD = 8  # bytes of a worker's counter in the progress file
# Seconds by which a framework's timeout exceeds the launcher's, because only the launcher can name
# the worker that failed.
GRACE = 10.0


class WorkersLost(TriptychError):
    """The framework could not reach the other workers."""


@dataclass(frozen=True)
class World:
    """The rank of this worker, the number of workers, and their addresses."""

    rank: int
    size: int
    addresses: tuple[str, ...]  # host:port of each worker; the first one is the coordinator
    timeout: float  # seconds
    progress: str = ""  # a file with a counter for each worker, which the launcher watches
    _counters: list[Any] = field(default_factory=list, compare=False, repr=False)

    def share(self, rows: Sequence[Any] | Array) -> tuple[Any, float]:
        """This worker's rows of a batch, at least one, and their share of the batch's loss."""
        low, high = (len(rows) * k // self.size for k in (self.rank, self.rank + 1))
        if low == high:
            return rows[:1], 0.0
        return rows[low:high], (high - low) / len(rows)

    @contextmanager
    def collective(self, lost: tuple[type[Exception], ...]) -> Iterator[None]:
        """Wrap a computation that needs every worker: the counter is odd inside, even outside.

        Nested in another one it does nothing.
        lost: what the framework raises if other workers are gone; reraised as WorkersLost.
        """
        if self._counter[self.rank] % 2:
            yield
            return
        self._count()
        try:
            yield
        except lost as error:
            reason = " ".join(str(error).split())[:200]
            raise WorkersLost(f"worker {self.rank} lost the others: {reason}") from error
        self._count()

    @contextmanager
    def local(self) -> Iterator[None]:
        """Within `collective`, wrap a local computation, to show progress between two steps."""
        self._count()
        yield
        self._count()

    def _count(self) -> None:
        self._counter[self.rank] += 1

    @property
    def _counter(self) -> Any:
        """Every worker's counter, shared through the progress file if there is one."""
        if not self._counters:
            self._counters.append(self._map_file() if self.progress else [0] * self.size)
        return self._counters[0]

    def _map_file(self) -> memoryview:
        with Path(self.progress).open("r+b") as file:
            return memoryview(mmap.mmap(file.fileno(), WORD * self.size)).cast("q")


class Workers(Model):
    """The base class of a backend's model on one of several workers."""

    world: ClassVar[World]
    lost: ClassVar[tuple[type[Exception], ...]] = (RuntimeError,)  # raised if others are gone

    def step(self, x: Array, y: Array) -> float:
        """An epoch of one batch, so that only `epoch` divides the rows and sums the parts."""
        return float(self.epoch(x, y, np.arange(len(x)), len(x))[0])

    @staticmethod
    @abstractmethod
    def total(values: Array) -> Array:
        """The sum of every worker's values (n,), float64 or int64, on each worker."""


def broadcast(model: type[Workers], content: bytes) -> bytes:
    """Worker 0's bytes, on every worker; the other workers' argument is ignored."""
    first = model.world.rank == 0
    with model.world.collective(model.lost):
        size = int(model.total(np.array([len(content) if first else 0]))[0])
        words = np.zeros(-(-size // WORD), np.int64)  # integers: a sum with zeros cannot round
        if first:
            words.view(np.uint8)[:size] = np.frombuffer(content, np.uint8)
        return model.total(words).tobytes()[:size] if size else b""


def check_size(model: type[Workers], size: int) -> None:
    """Raise WorkersLost unless the framework's workers are as many as requested, and all answer.

    size: the number of workers that the framework reports. A framework that is set up wrongly
    trains alone, silently, and its numbers look right.
    """
    requested = model.world.size
    answered = int(model.total(np.array([1]))[0])
    require(
        size == requested == answered,
        f"{model.backend} has {size} workers of which {answered} answer: expected {requested}",
        WorkersLost,
    )

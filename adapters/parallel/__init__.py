"""Several workers, the numbers of one: what the backends' own distribution has in common.

Every worker is a process that runs the whole lesson on the same data in the same order, and takes
its share of the rows of each batch. With n_k of a batch's n rows a worker computes

    part_k = n_k / n · loss of its rows (their mean, plus the penalty)

and the parts sum to the loss of the whole batch, as their gradients do to its gradient, however
unevenly the rows are dealt out; the penalties too, for the shares sum to 1. A mean of the workers'
means is another number wherever n_k differs. Summing is the framework's work: no line here sends a
byte. A batch may have fewer rows than there are workers: who is left without takes part with one
row that counts 0 times, since a collective waits for everybody.
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

WORD = 8  # bytes of a worker's counter in the file of progress
# A framework gives up only after the launcher, which knows whom to blame: so many seconds later.
LATER = 10.0


class WorkersLost(TriptychError):
    """The framework could not reach the other workers."""


@dataclass(frozen=True)
class World:
    """Which worker this process is, of how many, and where they meet."""

    rank: int
    size: int
    addresses: tuple[str, ...]  # host:port of each worker; they meet at the first
    timeout: float  # seconds
    progress: str = ""  # a file with a counter for each worker, for whoever watches
    _counters: list[Any] = field(default_factory=list, compare=False, repr=False)

    def share(self, rows: Sequence[Any] | Array) -> tuple[Any, float]:
        """This worker's rows of a batch, one at least, and the share of the loss that they are."""
        low, high = (len(rows) * k // self.size for k in (self.rank, self.rank + 1))
        if low == high:
            return rows[:1], 0.0
        return rows[low:high], (high - low) / len(rows)

    @contextmanager
    def together(self, lost: tuple[type[Exception], ...]) -> Iterator[None]:
        """Around whatever needs every worker: the counter is odd inside, and even outside.

        Within another one it does nothing.
        lost: what the framework raises where the others are gone; it leaves as WorkersLost.
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
    def apart(self) -> Iterator[None]:
        """Within `together`, around what needs nobody: a sign of life between two steps."""
        self._count()
        yield
        self._count()

    def _count(self) -> None:
        self._counter[self.rank] += 1

    @property
    def _counter(self) -> Any:
        """Every worker's counter; only this one's where nobody watches."""
        if not self._counters:
            self._counters.append(self._shared() if self.progress else [0] * self.size)
        return self._counters[0]

    def _shared(self) -> memoryview:
        with Path(self.progress).open("r+b") as file:
            return memoryview(mmap.mmap(file.fileno(), WORD * self.size)).cast("q")


class Workers(Model):
    """What a backend's model adds where it is one of several workers."""

    world: ClassVar[World]
    lost: ClassVar[tuple[type[Exception], ...]] = (RuntimeError,)  # raised where others are gone

    def step(self, x: Array, y: Array) -> float:
        """An epoch of one batch: what is shared out and summed is the epoch's to say, once."""
        return float(self.epoch(x, y, np.arange(len(x)), len(x))[0])

    @staticmethod
    @abstractmethod
    def total(values: Array) -> Array:
        """The sum of every worker's values (n,), float64 or int64: the same on each of them."""


def from_first(model: type[Workers], content: bytes) -> bytes:
    """The bytes that worker 0 has, on every worker; what the others hand in is not looked at."""
    mine = model.world.rank == 0
    with model.world.together(model.lost):
        size = int(model.total(np.array([len(content) if mine else 0]))[0])
        words = np.zeros(-(-size // WORD), np.int64)  # worker 0's bits, and zeros: no sum can round
        if mine:
            words.view(np.uint8)[:size] = np.frombuffer(content, np.uint8)
        return model.total(words).tobytes()[:size] if size else b""


def check_size(model: type[Workers], found: int) -> None:
    """Raise unless the framework has as many workers as were asked for, and they answer.

    A framework that was set up badly trains alone, in silence, and its numbers look right.
    """
    wanted = model.world.size
    answered = int(model.total(np.array([1]))[0])
    require(
        found == wanted == answered,
        f"{model.backend} has {found} workers of which {answered} answer: {wanted} were asked for",
        WorkersLost,
    )

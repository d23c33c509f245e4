"""The complete training loop, the same for every network and backend.

An epoch shuffles the rows, walks through them batch by batch, and lets the backend make one update
on each. The learning rate is lowered for the last third of the epochs, so that the noise of the
last batches does not decide where training ends.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from adapters.contract import Array, Model, Net, NotFinite, Optimizer, Params, State
from course.console import progress
from course.randomness import epoch_order

# Small data sets are passed to the backend several epochs at a time, up to this many numbers. A
# call costs some backends milliseconds, and a loop of one-step epochs would measure nothing else.
NUMBERS_PER_CALL = 8_000_000


@dataclass(repr=False)
class Run:
    """A training run: its inputs and its results.

    All arrays are in the run's dtype, except for class numbers and the numbers of an embedding.
    """

    name: str
    net: Net
    optimizer: Optimizer
    initial: Params  # float64, before the cast
    epochs: int
    batch_size: int
    seed: int
    shuffle: bool
    lower_by: float
    x: Array  # (n, …), the rows as the network takes them
    y: Array
    status: str = "complete"
    seconds: float = 0.0
    losses: Array = field(default_factory=lambda: np.zeros(0))  # (steps,)
    params: Params = field(default_factory=list)
    model: Model | None = None

    def __repr__(self) -> str:
        """One line, which a notebook shows below a cell that ends with a training."""
        loss = f", loss {self.losses[-1]:.4f}" if len(self.losses) else ""
        return f"<run {self.name!r}: {len(self.losses)} steps{loss}>"

    @property
    def steps_per_epoch(self) -> int:
        """Updates in an epoch; the last batch may be smaller."""
        return -(-len(self.x) // self.batch_size)

    @property
    def lowered_from(self) -> int:
        """The first epoch of the last third, from which the learning rate is lower."""
        return -(-2 * self.epochs // 3) if self.lower_by != 1 else self.epochs

    def order(self, epoch: int) -> Array:
        """The row numbers (n,) in the order in which this epoch visits them."""
        n = len(self.x)
        return epoch_order(self.seed, epoch, n) if self.shuffle else np.arange(n)

    def optimizer_at(self, epoch: int) -> Optimizer:
        """The optimizer with the learning rate of this epoch."""
        if epoch < self.lowered_from:
            return self.optimizer
        return replace(self.optimizer, learning_rate=self.optimizer.learning_rate / self.lower_by)

    def rows(self, first: int, stop: int) -> Array:
        """The row numbers that the steps [first, stop) visit, in their order."""
        n, size = self.steps_per_epoch, self.batch_size
        parts = []
        for epoch in range(first // n, -(-stop // n)):
            begin, end = max(first - epoch * n, 0), min(stop - epoch * n, n)
            parts.append(self.order(epoch)[begin * size : end * size])
        return np.concatenate(parts)

    def calls(self, done: int = 0, every: int | None = None) -> Iterator[tuple[int, int]]:
        """Yield the steps [first, stop) of each call of the backend's `epoch`.

        done: the steps made so far; every: a call also ends at each multiple of it.
        """
        n = self.steps_per_epoch
        together = max(1, NUMBERS_PER_CALL // self.x.size) if self._divides() else 1
        while done < self.epochs * n:
            border = self.lowered_from if done < self.lowered_from * n else self.epochs
            stop = min((done // n + together) * n, border * n)
            if every is not None:
                stop = min(stop, (done // every + 1) * every)
            first, done = done, stop
            yield first, done

    def loss_per_epoch(self) -> Array:
        """The mean of each finished epoch's losses, (epochs,)."""
        whole = len(self.losses) // self.steps_per_epoch * self.steps_per_epoch
        return self.losses[:whole].reshape(-1, self.steps_per_epoch).mean(1)

    def _divides(self) -> bool:
        return len(self.x) % self.batch_size == 0


def reuse_rows(rows: Array, runs: Iterable[Run]) -> Array:
    """These rows, or the equal array of an earlier run, so that memory holds one copy."""
    earlier = (run.x for run in runs)
    return next((x for x in earlier if x is rows or np.array_equal(x, rows)), rows)


@dataclass(frozen=True)
class Snapshot:
    """How far an earlier process trained a run."""

    done: int  # steps
    state: State  # weights and optimizer memory
    losses: Array  # (steps so far,)
    seconds: float


class Checkpointer:
    """Saves a run while it trains. This one saves nothing; DiskCheckpointer writes to disk."""

    every: int | None = None  # steps

    def latest(self) -> Snapshot | None:
        """The snapshot to resume from, if there is one."""
        return None

    def save(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        """Save a snapshot after `done` steps, if one is due."""


def train(
    run: Run,
    backend: type[Model],
    *,
    diverges: bool = False,
    checkpointer: Checkpointer | None = None,
) -> Run:
    """Train the run and fill in its results; an interrupted run has those of its finished steps.

    diverges: the loss may leave the floats. Otherwise NotFinite is raised, with the step and the
    learning rate.
    """
    checkpointer = checkpointer or Checkpointer()
    snapshot = checkpointer.latest() or Snapshot(0, {}, np.zeros(0, backend.dtype), 0.0)
    losses = [snapshot.losses]
    n = run.steps_per_epoch
    model = backend(run.net, run.initial, run.optimizer_at(min(snapshot.done // n, run.epochs - 1)))
    if snapshot.done:
        model.restore(snapshot.state)
    start = time.perf_counter() - snapshot.seconds
    run.status = "interrupted"
    try:
        with progress(run.name, run.epochs) as report:
            for first, stop in run.calls(snapshot.done, checkpointer.every):
                optimizer = run.optimizer_at(first // n)
                if model.optimizer != optimizer:
                    model = model.with_learning_rate(optimizer.learning_rate)
                losses.append(model.epoch(run.x, run.y, run.rows(first, stop), run.batch_size))
                report(stop // n, float(losses[-1][-1]))
                if not diverges:
                    _refuse_not_finite(run, losses, model.optimizer.learning_rate)
                checkpointer.save(stop, model, losses, time.perf_counter() - start)
        run.status = "diverged" if diverges else "complete"
    finally:
        run.seconds = time.perf_counter() - start
        run.losses = np.concatenate(losses)
        run.params, run.model = model.params(), model
    return run


def _refuse_not_finite(run: Run, losses: list[Array], learning_rate: float) -> None:
    finite = np.isfinite(losses[-1])
    if not finite.all():
        run.status = "diverged"
        first = int(np.argmin(finite))
        raise NotFinite(
            f"{run.name}: the loss is {losses[-1][first]} at step "
            f"{sum(map(len, losses[:-1])) + first} with learning rate {learning_rate:g}: "
            f"try a smaller one, such as {learning_rate / 10:g}"
        )


def predictions(net: Net, scores: Array) -> Array:
    """The prediction for each row: int64 classes (n,), or numbers (n, n_out) for regression.

    For a sequence there is one for each of its places: (n, length), or (n, length, n_out).
    """
    if net.loss == "squared":
        return scores
    if net.loss == "softmax":
        return scores.argmax(-1).astype(np.int64)
    low = -1 if net.loss == "perceptron" else 0
    classes: Any = np.where(scores > 0, 1, low).astype(np.int64)
    return classes[..., 0] if net.n_out == 1 else classes

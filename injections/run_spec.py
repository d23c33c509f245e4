"""A training run as data: injections change it, and a trace follows it step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.contract import Array, Model, Net, Optimizer, Params
from course.training import Run

# A traced run is short, but shows everything that can go wrong in a long one: three epochs, so that
# the order changes and the learning rate is lowered in the last, and a last batch that is not full.
EPOCHS = 3
BATCHES = 10
LEAST_ROWS = 40  # for a lesson that visits its rows one by one
STEPS_OF_WHOLE_BATCHES = 30  # for a run whose batch is all of its rows


@dataclass(frozen=True)
class RunSpec:
    """One training run: network, optimizer, initial weights, data, and the rows of each step."""

    name: str
    net: Net
    optimizer: Optimizer
    initial: Params  # as passed to the backend
    x: Array  # (n, n_in), in the run's dtype
    y: Array
    batches: tuple[Array, ...]  # for each step the row numbers of its inputs
    labels: tuple[Array, ...]  # and of its targets: the same, except for an injection
    steps_per_epoch: int
    lowered_from: int  # the first step of the lower learning rate
    lower_by: float
    seed: int
    Model: type[Model]

    def batch(self, step: int) -> tuple[Array, Array]:
        """The inputs and targets of this step."""
        return self.x[self.batches[step]], self.y[self.labels[step]]

    def optimizer_at(self, step: int) -> Optimizer:
        """The optimizer with the learning rate of this step."""
        if step < self.lowered_from:
            return self.optimizer
        return replace(self.optimizer, learning_rate=self.optimizer.learning_rate / self.lower_by)


def steps_of(run: Run) -> tuple[Array, ...]:
    """The row numbers of each step of a run."""
    return tuple(
        order[start : start + run.batch_size]
        for order in map(run.order, range(run.epochs))
        for start in range(0, len(run.x), run.batch_size)
    )


def whole(run: Run, backend: type[Model]) -> RunSpec:
    """A complete training run as a RunSpec."""
    batches = steps_of(run)
    return RunSpec(
        run.name, run.net, run.optimizer, run.initial, run.x, run.y, batches, batches,
        run.steps_per_epoch, run.lowered_from * run.steps_per_epoch, run.lower_by, run.seed,
        backend,
    )  # fmt: skip


def short(run: Run, backend: type[Model]) -> RunSpec:
    """A lesson's run, shortened to a few dozen steps on its first rows, with its settings."""
    full_batch = run.batch_size >= len(run.x)
    rows = min(len(run.x), max(LEAST_ROWS, BATCHES * run.batch_size + run.batch_size // 3))
    size = rows if full_batch else run.batch_size
    epochs = STEPS_OF_WHOLE_BATCHES if full_batch else EPOCHS
    cut = replace(run, x=run.x[:rows], y=run.y[:rows], epochs=epochs, batch_size=size)
    return whole(cut, backend)

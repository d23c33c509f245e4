"""A resumed run ends bit for bit like one that was never interrupted, on the backend under test.

Network, optimizer, data, the learning rate's schedule, the interval of checkpoints, and the
checkpoint after which the process ends are drawn at random.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import SGD, Adam, Array, Dense, Model, Net
from adapters.laws.subject import Subject
from course.checkpointing import DiskCheckpointer
from course.randomness import initial_weights
from course.training import Run, Snapshot, train

LAYERS = {
    "softmax": (Dense(5, 4, "relu"), Dense(4, 3, "tanh"), Dense(3, 3)),
    "logistic": (Dense(5, 2, "sigmoid"), Dense(2, 1)),
    "squared": (Dense(5, 1),),
}
# Few, because a backend may compile anew for each of them.
OPTIMIZERS = {
    "softmax": SGD(0.07, momentum=0.9),
    "logistic": Adam(0.01),
    "squared": SGD(0.03, momentum=0.5, nesterov=True),
}


class Gone(BaseException):
    """The process was killed here."""


class Dying(DiskCheckpointer):
    """A checkpointer whose process ends once it has written so many checkpoints."""

    left = 10**9

    def save(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        before = len(self.cards)
        super().save(done, model, losses, seconds)
        self.left -= len(self.cards) - before
        if not self.left:
            raise Gone


def checkpointer(folder: str, run: Run, every: int | None, left: int = 10**9) -> Dying:
    """A checkpointer of this run, whose process ends after `left` checkpoints."""
    made = Dying(
        Path(folder) / "run", "run", {"seed": run.seed}, epochs=run.epochs,
        steps_per_epoch=run.steps_per_epoch, every=every, write=True, resume=True,
    )  # fmt: skip
    made.left = left
    return made


@st.composite
def runs(pick: st.DrawFn, dtype: str) -> Run:
    """A small training run."""
    loss = pick(st.sampled_from(list(LAYERS)))
    net, optimizer = Net(LAYERS[loss], loss, l2=0.01), OPTIMIZERS[loss]
    rng = np.random.default_rng(pick(st.integers(0, 99)))
    # 8 rows in batches of 4 divide, and are handed over several epochs at a time.
    rows, size = pick(st.sampled_from([(8, 4), (7, 3), (5, 5), (6, 100)]))
    x = rng.normal(size=(rows, 5)).astype(dtype)
    y = {"softmax": rng.integers(0, 3, rows)}.get(loss, rng.integers(0, 2, (rows, 1)).astype(dtype))
    return Run(
        "run", net, optimizer, initial_weights(net, 3), epochs=pick(st.sampled_from([6, 1, 2, 9])),
        batch_size=size, seed=pick(st.integers(0, 9)), shuffle=pick(st.booleans()),
        lower_by=pick(st.sampled_from([10.0, 1.0])), x=x, y=y,
    )  # fmt: skip


def bits(run: Run) -> list[bytes]:
    """The bits of all results: losses, weights, optimizer slots and scores."""
    assert run.model is not None
    state = run.model.state()
    arrays = [run.losses, *run.params, *(state[name] for name in sorted(state))]
    arrays.append(run.model.forward(run.x))
    return [repr(run.model.optimizer).encode(), *(a.tobytes() for a in arrays)]


def test_a_resumed_run_has_the_same_bits(subject: Subject) -> None:
    """Killed after one or two checkpoints, or at the end; then resumed."""

    @given(runs(subject.dtype), st.sampled_from([1, 2, 3, 4, 5, 7, None]), st.sampled_from([1, 2]))
    def on_every_example(run: Run, every: int | None, after: int) -> None:
        want = bits(train(run, subject.cls))
        with tempfile.TemporaryDirectory() as folder:
            with suppress(Gone):
                dying = checkpointer(folder, run, every, after)
                train(replace(run), subject.cls, checkpointer=dying)
            again = replace(run, losses=np.zeros(0), params=[], model=None, status="new")
            resumed = train(again, subject.cls, checkpointer=checkpointer(folder, run, every))
            assert bits(resumed) == want
            assert resumed.status == "complete"
            # Once more after the end: read from the last checkpoint, not trained.
            finished = checkpointer(folder, run, every)
            snapshot = finished.latest()
            assert snapshot is not None
            assert snapshot.done == run.epochs * run.steps_per_epoch
            read = train(replace(again), subject.cls, checkpointer=finished)
            assert bits(read) == want

    on_every_example()


def test_lost_optimizer_slots_are_detected(subject: Subject) -> None:
    """The control: without the slots the same comparison fails."""
    net = Net(LAYERS["softmax"], "softmax")
    x = np.random.default_rng(0).normal(size=(8, 5)).astype(subject.dtype)
    run = Run(
        "run", net, SGD(0.07, momentum=0.9), initial_weights(net, 3), epochs=4, batch_size=4,
        seed=0, shuffle=True, lower_by=1.0, x=x, y=np.arange(8) % 3,
    )  # fmt: skip
    want = bits(train(run, subject.cls))

    class Forgetful(Dying):
        def latest(self) -> Snapshot | None:
            saved = super().latest()
            if saved is not None:
                for name in saved.state:
                    saved.state[name] *= not name.startswith("velocity")
            return saved

    with tempfile.TemporaryDirectory() as folder:
        with suppress(Gone):
            train(replace(run), subject.cls, checkpointer=checkpointer(folder, run, 1, left=2))
        forgetful = checkpointer(folder, run, 1)
        forgetful.__class__ = Forgetful
        assert bits(train(replace(run), subject.cls, checkpointer=forgetful)) != want


@given(
    st.integers(1, 40), st.integers(1, 9), st.sampled_from([1.0, 10.0]), st.integers(0, 80),
    st.sampled_from([8, 7, 3]),
)  # fmt: skip
def test_calls_are_all_steps_once(
    epochs: int, every: int, lower_by: float, done: int, rows: int
) -> None:
    """From where the run is, in order, ending at every border; without checkpoints as ever."""
    net = Net(LAYERS["squared"], "squared")
    x, y = np.zeros((rows, 5)), np.zeros((rows, 1))
    run = Run("run", net, SGD(0.1), [], epochs, 4, 0, True, lower_by, x, y)
    n = run.steps_per_epoch
    last, lowered = epochs * n, run.lowered_from * n
    done = min(done, last)
    calls = list(run.calls(done, every))
    assert [s for first, stop in calls for s in range(first, stop)] == list(range(done, last))
    borders = {stop for _, stop in calls}
    wanted = {*range(every, last, every), lowered, last}
    wanted |= {*range(n, last, n)} if rows % 4 else set()  # the last batch is smaller
    assert borders == {border for border in wanted if border > done}
    visited = np.concatenate([run.rows(first, stop) for first, stop in calls] or [np.zeros(0)])
    order = np.concatenate([run.order(epoch) for epoch in range(epochs)])
    assert (visited == order[len(order) - len(visited) :]).all()
    assert len(visited) == epochs * rows - done // n * rows - done % n * 4
    whole = [call for call in ((0, lowered), (lowered, last)) if call[1] > call[0]]
    if rows % 4 == 0:
        assert list(run.calls()) == whole  # small data: all that has one learning rate in one call

"""A mistake between two calls of `epoch` is found at the call that shows it."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, State
from adapters.laws.subject import reference
from adapters.numpy_adapter import NumpyModel
from compare.diverge.gap import Gap, first_over, gaps
from compare.diverge.sketch import sketch
from compare.diverge.walk import CALLS, walk
from course.training import Run
from injections.run_spec import RunSpec, short

MOMENTUM, ADAM = SGD(0.1, 0.9), Adam(0.01)


class Counting(NumpyModel):
    """Counts the calls of `epoch`, and makes a mistake before or after call number `at`."""

    at, after = 2, False
    calls = 0

    def mistake(self) -> None:
        """Do nothing; subclasses override this."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.calls += 1
        if self.calls == self.at and not self.after:
            self.mistake()
        losses = super().epoch(x, y, order, batch_size)
        if self.calls == self.at and self.after:
            self.mistake()
        return losses


class ForgetsItsMemory(Counting):
    def mistake(self) -> None:
        self._slots = [[np.zeros_like(a) for a in slot] for slot in self._slots]


class ForgetsItsSteps(Counting):
    def mistake(self) -> None:
        self._t = 0


class LosesItsMemoryAtTheEnd(ForgetsItsMemory):
    after = True


class MovesItsWeights(Counting):
    def mistake(self) -> None:
        self._params[0] = self._params[0] + 1e-6


class RestoresNoMemory(Counting):
    """Loses the state that it is restored with when the learning rate is lowered."""

    def restore(self, state: State) -> None:
        super().restore(state)
        self.mistake()

    def mistake(self) -> None:
        self._slots = [[0.999 * a for a in slot] for slot in self._slots]


class RepeatsItsFirstOrder(Counting):
    order: Array | None = None

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.order = order if self.order is None else self.order
        return super().epoch(x, y, self.order, batch_size)


def spec(backend: type[NumpyModel], optimizer: Optimizer, size: int = 10) -> RunSpec:
    """A short run of a small network on this backend, in batches of this size."""
    rng = np.random.default_rng(0)
    net = Net((Dense(3, 4, "tanh"), Dense(4, 3)), "softmax")
    initial = [rng.normal(size=shape) for shape in net.shapes]
    x, y = rng.normal(size=(103, 3)), rng.integers(0, 3, 103)
    run = Run("run", net, optimizer, initial, 3, size, 0, True, 10.0, x, y)
    settled = type("Settled", (backend,), {"dtype": "float64", "device": "cpu"})
    return short(run, settled)


def first_gap(backend: type[NumpyModel], optimizer: Optimizer, size: int = 10) -> Gap | None:
    """Where this backend first differs from the reference."""
    ours, theirs = (
        map(sketch, walk(spec(cls, optimizer, size))) for cls in (reference("float64"), backend)
    )
    return first_over(gaps("run", ours, theirs, 4, "float64"))


@pytest.mark.parametrize("size", [10, 1000])
@pytest.mark.parametrize("optimizer", [MOMENTUM, ADAM])
def test_a_sound_backend_agrees(optimizer: Optimizer, size: int) -> None:
    assert first_gap(Counting, optimizer, size) is None


@pytest.mark.parametrize(
    ("backend", "optimizer", "stage", "tensor"),
    [
        (ForgetsItsMemory, MOMENTUM, "epoch", "losses in call 2"),
        (ForgetsItsMemory, ADAM, "epoch", "losses in call 2"),
        (ForgetsItsSteps, ADAM, "epoch", "losses in call 2"),
        (MovesItsWeights, MOMENTUM, "epoch", "losses in call 2"),
        (LosesItsMemoryAtTheEnd, MOMENTUM, "optimizer slot", "velocity of W0 in call 2"),
        (RepeatsItsFirstOrder, MOMENTUM, "epoch", "losses in call 2"),
    ],
)
@pytest.mark.parametrize("size", [10, 1000])
def test_a_second_call_is_seen(
    backend: type[NumpyModel], optimizer: Optimizer, stage: str, tensor: str, size: int
) -> None:
    gap = first_gap(backend, optimizer, size)
    if backend is RepeatsItsFirstOrder and size == 1000:  # the same rows in any order
        return
    assert gap is not None
    assert (gap.stage, gap.tensor) == (stage, tensor)


def test_a_third_call_is_seen_where_the_rate_is_lowered() -> None:
    """A new model makes it: the mistake is in how it takes over the state."""
    gap = first_gap(RestoresNoMemory, MOMENTUM)
    assert gap is not None
    assert (gap.stage, gap.step) == ("optimizer slot", 22)  # where the steps are lowered


def test_a_run_takes_as_many_calls_as_epochs() -> None:
    for size in (10, 1000):
        steps = [q.step for q in walk(spec(Counting, MOMENTUM, size)) if q.stage == "epoch"]
        assert len(set(steps)) == CALLS == 3

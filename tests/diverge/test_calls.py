"""What a backend does between two calls of `epoch` is seen, at the call that shows it."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, State
from adapters.numpy_adapter import NumpyModel
from compare.diverge.gap import Gap, first_over, gaps
from compare.diverge.sketch import sketch
from compare.diverge.walk import CALLS, walk
from course.training import Run
from injections.run_spec import RunSpec, short
from tests.conformance.subject import reference

MOMENTUM, ADAM = SGD(0.1, 0.9), Adam(0.01)


class Counting(NumpyModel):
    """Counts the calls of `epoch`; a mistake is made before the call that `at` says, or after."""

    at, after = 2, False
    called = 0

    def mistake(self) -> None:
        """Nothing, here."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.called += 1
        if self.called == self.at and not self.after:
            self.mistake()
        losses = super().epoch(x, y, order, batch_size)
        if self.called == self.at and self.after:
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
    """What a lower learning rate is handed is lost, after a step was made by itself."""

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


def recipe(backend: type[NumpyModel], optimizer: Optimizer, size: int = 10) -> RunSpec:
    """A short run of a small network on this backend, in batches of this size."""
    rng = np.random.default_rng(0)
    net = Net((Dense(3, 4, "tanh"), Dense(4, 3)), "softmax")
    initial = [rng.normal(size=shape) for shape in net.shapes]
    x, y = rng.normal(size=(103, 3)), rng.integers(0, 3, 103)
    run = Run("run", net, optimizer, initial, 3, size, 0, True, 10.0, x, y)
    settled = type("Settled", (backend,), {"dtype": "float64", "device": "cpu"})
    return short(run, settled)


def parted(backend: type[NumpyModel], optimizer: Optimizer, size: int = 10) -> Gap | None:
    """Where this backend leaves the reference first."""
    ours, theirs = (
        map(sketch, walk(recipe(cls, optimizer, size))) for cls in (reference("float64"), backend)
    )
    return first_over(gaps("run", ours, theirs, 4, "float64"))


@pytest.mark.parametrize("size", [10, 1000])
@pytest.mark.parametrize("optimizer", [MOMENTUM, ADAM])
def test_a_sound_backend_does_not_part(optimizer: Optimizer, size: int) -> None:
    assert parted(Counting, optimizer, size) is None


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
    found = parted(backend, optimizer, size)
    if backend is RepeatsItsFirstOrder and size == 1000:  # the same rows in any order
        return
    assert found is not None
    assert (found.stage, found.tensor) == (stage, tensor)


def test_a_third_call_is_seen_where_the_rate_is_lowered() -> None:
    """It is another model's first: what is wrong is how the memory was handed over."""
    found = parted(RestoresNoMemory, MOMENTUM)
    assert found is not None
    assert (found.stage, found.step) == ("optimizer slot", 22)  # where the steps are lowered


def test_a_run_is_handed_over_in_as_many_calls_as_epochs() -> None:
    for size in (10, 1000):
        seen = [q.step for q in walk(recipe(Counting, MOMENTUM, size)) if q.stage == "epoch"]
        assert len(set(seen)) == CALLS == 3

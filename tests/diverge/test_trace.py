"""A trace shows every call of `epoch`, and is read as it was written or made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, SettingsError, State
from adapters.laws.subject import reference
from adapters.numpy_adapter import NumpyModel
from compare.budgets import budget_of
from compare.diverge import worker
from compare.diverge.gap import Gap, first_over, gaps
from compare.diverge.side import Setting, Side, _digest
from compare.diverge.sketch import Quantity, sketch
from compare.diverge.trace import Trace
from compare.diverge.walk import CALLS, walk
from course.training import Run
from injections.run_spec import RunSpec, short

# A trace is read as it was written, and a damaged one is rejected and made again.


def a_trace() -> Trace:
    quantities = [
        Quantity(-1, "data", "x", np.arange(6.0).reshape(2, 3)),
        Quantity(0, "loss", "loss", np.array(0.5)),
        Quantity(0, "update", "W0", np.full((3, 2), np.inf)),
    ]
    return Trace({"engine": "torch", "lesson": 4}, {"sgd": [sketch(q) for q in quantities]})


def test_a_trace_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.npz"
    a_trace().write(file)
    back = Trace.read(file)
    assert back.card == a_trace().card
    for one, other in zip(back.runs["sgd"], a_trace().runs["sgd"], strict=True):
        assert (one.place, one.digest, one.shape) == (other.place, other.digest, other.shape)
        assert one.distance(other) == 0
    assert [path.name for path in file.parent.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.9])
def test_a_truncated_file_is_refused_by_name(tmp_path: Path, fraction: float) -> None:
    file = tmp_path / "a.npz"
    a_trace().write(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(fraction * len(whole))])
    with pytest.raises(SettingsError, match=r"a\.npz"):
        Trace.read(file)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "weights.npz", W0=np.zeros(3))
    with pytest.raises(SettingsError, match="not a trace"):
        Trace.read(tmp_path / "weights.npz")


def test_a_cached_trace_is_reused_unless_it_is_damaged(tmp_path: Path) -> None:
    setting = Setting(2)
    with Side("numpy", setting, tmp_path) as side:
        file = side.trace_file()
    written = file.read_bytes(), file.stat().st_mtime_ns
    with Side("numpy", setting, tmp_path) as again:
        assert again.trace_file() == file
        assert again.process is None
    assert (file.read_bytes(), file.stat().st_mtime_ns) == written
    file.write_bytes(written[0][:100])
    with Side("numpy", setting, tmp_path) as repaired:
        Trace.read(repaired.trace_file())
        assert repaired.process is not None


def test_two_processes_make_the_trace_of_one(tmp_path: Path) -> None:
    setting, injections = Setting(4), ("adam_epsilon",)
    with (
        Side("numpy", setting, tmp_path / "one", injections) as alone,
        Side("numpy", setting, tmp_path / "two", injections) as side,
        Side("numpy", setting, tmp_path / "two", injections) as twin,
    ):
        whole = alone.trace()
        file = side.trace_in_two(twin, list(whole.runs))
        joined = side.trace()
        assert side.is_traced()
    assert list(joined.runs) == list(whole.runs)
    for run, of in whole.runs.items():
        ours = [(s.place, s.digest) for s in joined.runs[run]]
        assert ours == [(s.place, s.digest) for s in of], run
    assert not list(file.parent.glob("*part*"))


def test_a_run_that_a_cause_explains_is_walked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trace with the cause takes it from the search that has found the cause."""
    own = worker.Worker("numpy", 2, "float64", 0, tmp_path / "runs.npz", None)
    run, *others = own.prepare()["runs"]
    cause, files = "gradients_of_the_sum", [tmp_path / "theirs.npz", tmp_path / "ours.npz"]
    own.trace(str(files[0]), [cause], {"engine": "numpy"})
    walked: list[str] = []
    monkeypatch.setattr(worker, "walk", lambda spec: walked.append(spec.name) or walk(spec))
    assert own.evaluate([], [cause], run, str(files[0]))["explained"][cause] > 0
    own.trace(str(files[1]), [cause], {"engine": "numpy"})
    assert walked == [run, *others]
    theirs, ours = (Trace.read(file).runs for file in files)
    assert [s.digest for s in ours[run]] == [s.digest for s in theirs[run]]


def test_other_code_is_another_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Side("numpy", Setting(2), tmp_path) as side:
        before = side._card([])
        monkeypatch.setattr("compare.diverge.side._code", lambda: "other")
        assert side._card([]) != before


def test_a_trace_of_the_users_adapter_is_not_cached(tmp_path: Path) -> None:
    """It may import files beside it, which may have changed."""
    (tmp_path / "mine.py").write_text("from adapters.numpy_adapter import *\n", encoding="utf-8")
    for _ in range(2):
        with Side(f"{tmp_path / 'mine.py'}:NumpyModel", Setting(2), tmp_path) as side:
            side.trace_file()
            assert side.process is not None


def test_changed_data_give_another_trace(tmp_path: Path) -> None:
    """A file may get other rows under the same name."""
    file, names = tmp_path / "mine.npz", []
    for first in (0.0, 1.0):
        np.savez(file, x=np.full((4, 2), first), y=np.ones(4))
        names.append(_digest(Side("numpy", Setting(2, data=str(file)), tmp_path)._card(())))
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (Setting(3), "lesson 2: you asked for 3"),
        (Setting(2, "float32"), "dtype float64: you asked for float32"),
        (Setting(2, seed=1), "seed 0: you asked for 1"),
    ],
)
def test_a_trace_of_something_else_is_refused(
    tmp_path: Path, setting: Setting, message: str
) -> None:
    with Side("numpy", Setting(2), tmp_path) as side:
        file = side.trace_file()
    with pytest.raises(SettingsError, match=message):
        Side(str(file), setting, tmp_path)


def test_nothing_can_be_injected_into_a_finished_trace(tmp_path: Path) -> None:
    with Side("numpy", Setting(2), tmp_path) as side:
        file = side.trace_file()
    with pytest.raises(SettingsError, match="cannot inject into"):
        Side(str(file), Setting(2), tmp_path, ("not_shuffled",))


# A mistake between two calls of `epoch` is found at the call that shows it.

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
    return first_over(gaps("run", ours, theirs, budget_of(4, "float64"), "float64"))


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

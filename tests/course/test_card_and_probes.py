"""What a run records beside its losses: the card of its lesson, and its single-step probes."""

from __future__ import annotations

import platform
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Net
from adapters.laws.error_bounds import bounds
from course import card, probes
from course.card import digest_of_arrays, versions
from course.digests import digest
from course.probes import GRADIENT, PERCEPTRON_ROWS, STEP, clear_rows, start
from course.randomness import initial_weights
from course.settings import Settings
from tests.judging.helpers import KINDS, backend, run_of

# The card of a lesson as a whole.

STARTED = 100.0  # by some clock


def lesson(**changes: Any) -> Any:
    """Lesson 4 with two runs, with the attributes that its card uses."""
    usual: dict[str, Any] = {
        "number": 4, "settings": Settings("numpy", "float64"), "seed": 3,
        "Model": backend("float64"),
        "runs": {kind: run_of(kind, "float64") for kind in ("plain", "adam")},
        "accuracies": {"plain": 0.5, "adam": 0.75},
        "chosen": {"data": ("mine.npz", "fashion10k"), "epochs": (2, 15)},
        "data_digests": ["first", "second"], "measures": {"gain": 0.25}, "figures": [],
        "doubts": [],
        "start": STARTED,
    }  # fmt: skip
    return SimpleNamespace(**usual | changes)


def test_a_lesson_s_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "time", SimpleNamespace(perf_counter=lambda: STARTED + 5.25))
    finished = lesson()
    metadata = card.of(finished, "adam", "complete")
    keys = ("lesson", "status", "engine", "device", "dtype", "seed", "threads", "workers", "data",
            "epochs", "settings", "accuracy", "measures", "figures", "update")  # fmt: skip
    assert {key: metadata[key] for key in keys} == {
        "lesson": 4, "status": "complete", "engine": "numpy", "device": "cpu", "dtype": "float64",
        "seed": 3, "threads": 1, "workers": 1, "data": "mine.npz", "epochs": 2,
        "settings": {"data": "mine.npz", "epochs": 2}, "accuracy": 0.75,
        "measures": {"gain": 0.25}, "figures": [], "update": "ours",
    }  # fmt: skip
    accuracies = {name: run["accuracy"] for name, run in metadata["runs"].items()}
    assert accuracies == finished.accuracies
    assert metadata["seconds"] == 5.25
    assert metadata["platform"] == f"{platform.system()} {platform.machine()}"
    assert metadata["versions"] == versions(["numpy"])
    assert metadata["shares_kernels_with"] is None


def test_its_hashes_are_of_all_its_data_and_runs_in_their_order() -> None:
    finished = lesson()
    plain, adam = finished.runs.values()
    orders = [digest_of_arrays(run.order(epoch) for epoch in range(2)) for run in (plain, adam)]
    weights = [digest_of_arrays(run.initial) for run in (plain, adam)]
    assert card.of(finished, None, "complete")["hashes"] == {
        "data": digest([b"first", b"second"]),
        "batch_order": digest(order.encode() for order in orders),
        "initial_weights": digest(start.encode() for start in weights),
    }


def test_missing_values_are_null() -> None:
    metadata = card.of(lesson(chosen={}, runs={}, accuracies={}), None, "interrupted")
    assert (metadata["data"], metadata["epochs"], metadata["accuracy"]) == (None, None, None)
    assert (metadata["status"], metadata["settings"]) == ("interrupted", {})
    assert metadata["runs"] == {}
    assert metadata["update"] == "ours"  # as for a perceptron with its own training loop
    assert card.of(lesson(), "no run", "complete")["accuracy"] is None


def test_one_optimizer_of_ours_marks_the_whole_lesson() -> None:
    finished = lesson()
    for run, source in zip(finished.runs.values(), ("framework", "ours"), strict=True):
        run.model = SimpleNamespace(optimizer_source=source)
    metadata = card.of(finished, None, "complete")
    assert metadata["update"] == "ours"
    assert [run["update"] for run in metadata["runs"].values()] == ["framework", "ours"]
    for run in finished.runs.values():
        run.model = SimpleNamespace(optimizer_source="framework")
    assert card.of(finished, None, "complete")["update"] == "framework"
    finished.runs["plain"].model = None
    assert card.of(finished, None, "complete")["runs"]["plain"]["update"] == "ours"


def test_several_workers_are_counted() -> None:
    settings = Settings("numpy", "float64", world=SimpleNamespace(size=3))  # type: ignore[arg-type]
    assert card.of(lesson(settings=settings), None, "complete")["workers"] == 3


def test_versions_and_memory() -> None:
    assert versions(["numpy", "no-such-package"]) == {
        "python": platform.python_version(), "numpy": version("numpy"),
        "no-such-package": "unknown",
    }  # fmt: skip
    peak = card.peak_memory_mb()
    if peak is not None:
        array = np.ones(4_000_000)  # 32 MB
        assert 20 < peak < 100_000
        assert card.peak_memory_mb() >= peak  # type: ignore[operator]
        assert array.size


@pytest.mark.parametrize("seconds", [1.23456, 0.0])
def test_seconds_are_rounded_to_milliseconds(seconds: float) -> None:
    finished = lesson()
    finished.runs["plain"].seconds = seconds
    assert card.of(finished, None, "complete")["runs"]["plain"]["seconds"] == round(seconds, 3)


# Single-step probes: their starting state and their rows.


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_probe_starts_from_the_initial_weights(kind: str) -> None:
    net, optimizer = KINDS[kind]
    state = start(net, optimizer, 3, kind, 0)
    for i, p in enumerate(initial_weights(net, 3)):
        assert np.array_equal(state[f"param_{i}"], p)
        for slot in optimizer.slots:
            assert state[f"{slot}_{i}"].shape == p.shape
            assert not state[f"{slot}_{i}"].any()
    assert state.get("step", 0) == 0
    initial = [p + 1 for p in initial_weights(net, 3)]
    elsewhere = start(net, optimizer, 3, kind, 0, initial)
    assert all(np.array_equal(elsewhere[f"param_{i}"], p) for i, p in enumerate(initial))


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_probe_starts_from_random_weights_and_slots(kind: str) -> None:
    """Drawn from the seed and the run's name: the same on every backend, but for each run anew."""
    net, optimizer = KINDS[kind]
    state = start(net, optimizer, 3, kind, 1)
    again, seed, run = (start(net, optimizer, *a, 1) for a in ((3, kind), (4, kind), (3, "other")))
    for name, array in state.items():
        if name != "step":
            assert array.any()
            assert np.array_equal(array, again[name])
            assert not np.array_equal(array, seed[name])
            assert not np.array_equal(array, run[name])
    assert (STEP, GRADIENT) == (7, 0.01)
    assert state.get("step", STEP) == STEP


def test_drawn_slots_are_as_after_gradients_of_that_size() -> None:
    net = Net((Dense(60, 50, "relu"), Dense(50, 40)), "softmax")
    sgd, adam = SGD(0.1, 0.9), Adam(0.01, 0.75, 0.9)
    velocity = start(net, sgd, 0, "run", 1)["velocity_0"]
    assert velocity.std() == pytest.approx(0.01, rel=0.05)
    state = start(net, adam, 0, "run", 1)
    first, second = state["first_moment_0"], state["second_moment_0"]
    assert first.std() == pytest.approx((1 - 0.75**7) * 0.01, rel=0.05)
    assert (second >= 0).all()
    assert second.mean() == pytest.approx((1 - 0.9**7) * 2 * 0.01**2, rel=0.1)
    assert state["param_0"].std() == pytest.approx(np.sqrt(2 / 60), rel=0.05)
    assert state["param_2"].std() == pytest.approx(np.sqrt(1 / 50), rel=0.05)
    assert np.corrcoef(first.ravel(), velocity.ravel())[0, 1] != pytest.approx(0, abs=1e-9)


def test_a_perceptron_starts_from_sixteenths() -> None:
    state = start(Net((Dense(9, 9),), "perceptron"), SGD(1.0), 0, "plane", 1)
    for name in ("param_0", "param_1"):
        sixteenths = 16 * state[name]
        assert np.array_equal(sixteenths, np.round(sixteenths))
        assert np.abs(state[name]).max() <= 8
        assert len(np.unique(state[name])) > 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_probed_on_its_first_and_its_last_batch(kind: str) -> None:
    run = run_of(kind, "float64")  # 8 rows in batches of 3: the last one has 2
    assert run.model is not None
    before = run.model.state()
    recorded = probes.of_run(run, run.model)
    order = run.order(0)
    for number, rows in ((0, order[:3]), (1, order[-2:])):
        prefix = f"looks/{kind}/{number}/"
        net, optimizer = KINDS[kind]
        state = start(net, optimizer, run.seed, kind, number)
        used = recorded[prefix + "rows"]
        assert np.array_equal(used, clear_rows(run.model, state, run.x, rows))
        assert len(used) == len(rows)
        assert set(used) <= set(rows)
        x, y = run.x[used], run.y[used]
        assert np.array_equal(recorded[prefix + "x"], x)
        assert np.array_equal(recorded[prefix + "y"], y)
        model = backend("float64")(net, run.initial, optimizer)
        model.restore(state)
        assert np.array_equal(recorded[prefix + "scores"], model.forward(x))
        assert recorded[prefix + "loss"] == model.loss(x, y)
        for i, g in enumerate(model.gradients(x, y)):
            assert np.array_equal(recorded[f"{prefix}gradient_{i}"], g)
        assert recorded[prefix + "learning_rate"] == optimizer.learning_rate
        assert recorded[prefix + "loss of the step"] == model.step(x, y)
        after = {k: v for k, v in model.state().items() if not k.endswith("_remainder")}
        names = {k.removeprefix(prefix) for k in recorded if k.startswith(prefix + "after/")}
        assert names == {f"after/{name}" for name in after}
        for name, array in after.items():
            assert np.array_equal(recorded[f"{prefix}after/{name}"], array)
    assert all(np.array_equal(before[k], v) for k, v in run.model.state().items())


def test_rows_too_near_a_kink_are_replaced_by_others_of_the_batch() -> None:
    net = Net((Dense(1, 1, "relu"), Dense(1, 2)), "softmax")
    model = backend("float64")(net, initial_weights(net, 0), SGD(0.1))
    state = {"param_0": np.ones((1, 1)), "param_1": np.zeros(1), "param_2": np.ones((1, 2)),
             "param_3": np.zeros(2)}  # fmt: skip
    x, y = np.array([[1.0], [0.0], [-1.0], [0.0]]), np.array([0, 1, 0, 1])
    assert bounds(net, [*state.values()], x, y, 2.0**-52).margins.tolist()[1] == 0
    rows = np.array([3, 2, 1, 0])
    assert clear_rows(model, state, x, rows).tolist() == [2, 0, 2, 0]
    assert clear_rows(model, state, x, np.array([1, 3])).tolist() == []
    flat = Net((Dense(1, 1),), "perceptron")
    neuron = backend("float64")(flat, initial_weights(flat, 0), SGD(1.0))
    assert clear_rows(neuron, state, x, rows) is rows  # nothing in it is rounded


def test_a_perceptron_is_probed_on_a_power_of_two_of_rows() -> None:
    net = Net((Dense(2, 1),), "perceptron")
    for count, used in ((70, 64), (64, 64), (63, 32), (3, 2), (1, 1)):
        model = backend("float64")(net, initial_weights(net, 0), SGD(1.0))
        x, y = np.ones((count, 2)), np.ones((count, 1))
        recorded = probes.of_rows("plane", model, 0, x, y)
        assert recorded["looks/plane/0/rows"].tolist() == list(range(used))
        assert recorded["looks/plane/1/rows"].tolist() == list(range(count - used, count))
    assert PERCEPTRON_ROWS == 64

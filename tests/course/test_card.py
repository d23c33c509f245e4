"""What the card of a lesson says: of the lesson as a whole, from what it holds in its hands."""

from __future__ import annotations

import platform
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course import card
from course.card import digest, digest_of_arrays, versions
from course.settings import Settings
from tests.judging.stepping import backend, run_of

STARTED = 100.0  # by some clock


def lesson(**changes: Any) -> Any:
    """Lesson 4 of two runs, as far as its card asks."""
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
    held = lesson()
    told = card.of(held, "adam", "complete")
    said = {key: told[key] for key in ("lesson", "status", "engine", "device", "dtype", "seed",
                                       "threads", "workers", "data", "epochs", "settings",
                                       "accuracy", "measures", "figures", "update")}  # fmt: skip
    assert said == {
        "lesson": 4, "status": "complete", "engine": "numpy", "device": "cpu", "dtype": "float64",
        "seed": 3, "threads": 1, "workers": 1, "data": "mine.npz", "epochs": 2,
        "settings": {"data": "mine.npz", "epochs": 2}, "accuracy": 0.75,
        "measures": {"gain": 0.25}, "figures": [], "update": "ours",
    }  # fmt: skip
    assert {name: run["accuracy"] for name, run in told["runs"].items()} == held.accuracies
    assert told["seconds"] == 5.25
    assert told["platform"] == f"{platform.system()} {platform.machine()}"
    assert told["versions"] == versions(["numpy"])
    assert told["shares_kernels_with"] is None


def test_its_hashes_are_of_all_its_data_and_runs_in_their_order() -> None:
    held = lesson()
    plain, adam = held.runs.values()
    orders = [digest_of_arrays(run.order(epoch) for epoch in range(2)) for run in (plain, adam)]
    weights = [digest_of_arrays(run.initial) for run in (plain, adam)]
    assert card.of(held, None, "complete")["hashes"] == {
        "data": digest([b"first", b"second"]),
        "batch_order": digest(order.encode() for order in orders),
        "initial_weights": digest(start.encode() for start in weights),
    }


def test_what_a_lesson_has_not_is_null() -> None:
    told = card.of(lesson(chosen={}, runs={}, accuracies={}), None, "interrupted")
    assert (told["data"], told["epochs"], told["accuracy"]) == (None, None, None)
    assert (told["status"], told["settings"], told["runs"]) == ("interrupted", {}, {})
    assert told["update"] == "ours"  # of a perceptron that steps by itself
    assert card.of(lesson(), "no run", "complete")["accuracy"] is None


def test_one_update_of_ours_is_said_of_the_whole() -> None:
    held = lesson()
    for run, whose in zip(held.runs.values(), ("framework", "ours"), strict=True):
        run.model = SimpleNamespace(update=whose)
    told = card.of(held, None, "complete")
    assert told["update"] == "ours"
    assert [run["update"] for run in told["runs"].values()] == ["framework", "ours"]
    for run in held.runs.values():
        run.model = SimpleNamespace(update="framework")
    assert card.of(held, None, "complete")["update"] == "framework"
    held.runs["plain"].model = None
    assert card.of(held, None, "complete")["runs"]["plain"]["update"] == "ours"


def test_several_workers_are_counted() -> None:
    settings = Settings("numpy", "float64", world=SimpleNamespace(size=3))  # type: ignore[arg-type]
    assert card.of(lesson(settings=settings), None, "complete")["workers"] == 3


def test_versions_and_memory() -> None:
    found = versions(["numpy", "no-such-package"])
    assert found == {"python": platform.python_version(), "numpy": version("numpy"),
                     "no-such-package": "unknown"}  # fmt: skip
    peak = card.peak_memory_mb()
    if peak is not None:
        held = np.ones(4_000_000)  # 32 MB
        assert 20 < peak < 100_000
        assert card.peak_memory_mb() >= peak  # type: ignore[operator]
        assert held.size


@pytest.mark.parametrize("seconds", [1.23456, 0.0])
def test_seconds_are_told_to_the_millisecond(seconds: float) -> None:
    held = lesson()
    held.runs["plain"].seconds = seconds
    assert card.of(held, None, "complete")["runs"]["plain"]["seconds"] == round(seconds, 3)

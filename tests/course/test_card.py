"""The card of a lesson as a whole."""

from __future__ import annotations

import platform
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from course import card
from course.card import digest_of_arrays, versions
from course.digests import digest
from course.settings import Settings
from tests.judging.helpers import backend, run_of

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

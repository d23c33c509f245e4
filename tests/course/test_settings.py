"""Settings at their bounds and beyond, and the runs and the table that SEEDS=5 makes of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from adapters.contract import SettingsError, UnknownBackend
from course import runner
from course.settings import LARGEST_SEED, MOST_EPOCHS, MOST_THREADS, Settings, interval
from course.settings_validation import checked

# Validation of a notebook's settings: the bounds are accepted, values beyond them refused.

ACCEPTED: list[dict[str, Any]] = [
    {"backend": "numpy", "dtype": "float64", "device": "cpu"},
    {"seed": 0}, {"seed": LARGEST_SEED}, {"epochs": 1}, {"epochs": MOST_EPOCHS}, {"epochs": None},
    {"threads": 1}, {"threads": MOST_THREADS}, {"threads": None}, {"seed": np.int64(3)},
    {"learning_rate": 1e-300}, {"learning_rate": 1}, {"learning_rate": None},
    {"knobs": (0.5, -1)}, {"knobs": [0]}, {"knobs": ()}, {"knobs": None},
    {"data": "houses"}, {"data": None}, {"checkpoint": 1}, {"checkpoint": "100steps"},
    {"resume": "auto"}, {"resume": None}, {"out": "here"}, {"out": Path("here")},
]  # fmt: skip
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"backend": "pytorch"}, "unknown backend 'pytorch'"), ({"backend": 3}, "unknown backend 3"),
    ({"dtype": "float16"}, "unknown dtype 'float16'"), ({"dtype": None}, "unknown dtype None"),
    ({"device": "tpu"}, "unknown device 'tpu'"), ({"device": ["cpu"]}, "unknown device ['cpu']"),
    ({"seed": -1}, "seed is -1"), ({"seed": LARGEST_SEED + 1}, "seed is"),
    ({"seed": None}, "seed is None"), ({"seed": True}, "seed is True"), ({"seed": 1.0}, "seed is"),
    ({"epochs": 0}, "epochs is 0"), ({"epochs": MOST_EPOCHS + 1}, "epochs is"),
    ({"threads": 0}, "threads is 0"), ({"threads": MOST_THREADS + 1}, "threads is"),
    ({"learning_rate": 0}, "learning_rate is 0"), ({"learning_rate": -0.5}, "learning_rate is"),
    ({"learning_rate": float("nan")}, "learning_rate is"), ({"learning_rate": "fast"}, "is 'fast'"),
    ({"learning_rate": True}, "learning_rate is True"), ({"learning_rate": 10**400}, "rate is"),
    ({"knobs": (1, "2")}, "knobs are"), ({"knobs": 3}, "knobs are 3"),
    ({"knobs": (1, float("inf"))}, "knobs are"), ({"data": 3}, "data is 3"),
    ({"checkpoint": 0}, "checkpoint is 0"), ({"checkpoint": "2 days"}, "checkpoint is"),
    ({"resume": "yes"}, "resume is 'yes'"), ({"resume": False}, "resume is False"),
    ({"out": 3}, "out is 3"), ({"world": object()}, "several workers"),
    ({"epoch": 3}, "unknown setting"),
]  # fmt: skip


@pytest.mark.parametrize("settings", ACCEPTED, ids=str)
def test_valid_settings_are_accepted(settings: dict[str, Any]) -> None:
    assert checked(4, settings) == Settings(**settings)


@pytest.mark.parametrize(("settings", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_invalid_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    error = UnknownBackend if "backend" in settings else SettingsError
    with pytest.raises(error, match=re.escape(message)) as refused:
        checked(4, settings)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("number", [0, 99, -1, "4", None, True, 4.0])
def test_unknown_lessons_are_refused(number: object) -> None:
    with pytest.raises(SettingsError, match="there is no lesson"):
        checked(number, {})


@pytest.mark.parametrize(
    ("checkpoint", "expected"),
    [(1, (1, "epochs")), (7, (7, "epochs")), ("2", (2, "epochs")), ("1epoch", (1, "epochs")),
     ("2epochs", (2, "epochs")), ("1step", (1, "steps")), ("100steps", (100, "steps")),
     (MOST_EPOCHS, (MOST_EPOCHS, "epochs"))],
)  # fmt: skip
def test_checkpoint_intervals(checkpoint: Any, expected: tuple[int, str]) -> None:
    assert interval(checkpoint) == expected


@pytest.mark.parametrize(
    "checkpoint", [0, -1, MOST_EPOCHS + 1, "", "steps", "1.5", "1 step", True, None]
)
def test_invalid_checkpoint_intervals(checkpoint: Any) -> None:
    with pytest.raises(SettingsError, match="expected a number of epochs or steps"):
        interval(checkpoint)


# SEEDS=5: the seeds and settings of the runs, and the table of their spread.

# Measured on seeds 7, 8, 9 and 10. Mean, spread, lowest and highest are four different numbers, the
# lowest is not the first and the highest not the last.
ACCURACY = [0.75, 0.5, 0.875, 0.625]
GAIN = [-0.25, 0.125, 0.0, 1.5]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings of each run, which returns the measures of its seed."""
    started: list[Settings] = []

    def run_lesson(number: int, settings: Settings, context: None) -> Any:
        assert number == 4
        started.append(settings)
        i = settings.seed - 7
        return SimpleNamespace(accuracies={"sgd": ACCURACY[i]}, measures={"gain": GAIN[i]})

    monkeypatch.setattr(runner, "run_lesson", run_lesson)
    return started


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str], list[list[str]]]]:
    """The tables on the screen: title, header, rows."""
    tables: list[tuple[str, list[str], list[list[str]]]] = []

    def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        tables.append((title, list(header), [list(row) for row in rows]))

    monkeypatch.setattr("course.console.table", table)
    return tables


def test_the_spread_of_accuracies_and_measures(runs: list[Settings], printed: list[Any]) -> None:
    settings = Settings("numpy", dtype="float64", seed=7, epochs=2, out="here")
    runner.run_seeds(4, settings, 4)
    assert runs == [replace(settings, seed=seed) for seed in (7, 8, 9, 10)]
    ((title, header, rows),) = printed
    assert title == "Lesson 4, seeds 7 to 10"
    assert header == ["", "mean", "std", "lowest", "highest"]
    assert [row[0] for row in rows] == ["sgd", "gain"]
    for row, values in zip(rows, (ACCURACY, GAIN), strict=True):
        cells = dict(zip(header[1:], row[1:], strict=True))
        assert cells == {
            "mean": f"{mean(values):.4f}", "std": f"{stdev(values):.4f}",
            "lowest": f"{min(values):.4f}", "highest": f"{max(values):.4f}",
        }  # fmt: skip
        assert len(set(cells.values())) == 4


def test_one_seed_has_no_spread(runs: list[Settings], printed: list[Any]) -> None:
    runner.run_seeds(4, Settings(seed=8), 1)
    assert [settings.seed for settings in runs] == [8]
    assert printed == []

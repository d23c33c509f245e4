"""SEEDS=5: the seeds and settings of the runs, and the table of their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import mean, stdev
from types import SimpleNamespace
from typing import Any

import pytest

from course import runner
from course.settings import Settings

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

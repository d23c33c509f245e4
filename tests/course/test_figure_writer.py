"""Figures are saved whatever is on their axes, on every Python version."""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from course.figure_writer import FigureWriter, _pickled


def bars() -> Figure:
    """Bars under names: matplotlib counts the names with itertools.count."""
    figure = Figure()
    figure.subplots().bar(["shirt", "coat"], [1, 2])
    return figure


def with_a_lambda() -> Figure:
    """A figure that cannot be pickled."""
    figure = bars()
    figure.axes[0].yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    return figure


def test_a_counter_continues_after_unpickling() -> None:
    for count, expected in [(itertools.count(3), [3, 4]), (itertools.count(5, -2), [5, 3])]:
        again, file, alt = pickle.loads(_pickled((count, "bars.png", "Two bars.")))  # type: ignore[arg-type]
        assert list(itertools.islice(again, 2)) == expected
        assert (file, alt) == ("bars.png", "Two bars.")


@pytest.mark.parametrize("make", [bars, with_a_lambda])
def test_every_figure_is_saved(make: type[Figure], tmp_path: Path) -> None:
    """Python 3.12 and 3.13 warn of a pickled counter, which is an error here; 3.14 refuses."""
    writer = FigureWriter()
    writer.save(make(), tmp_path / "bars.png", "Two bars.")
    assert writer.finish() is None
    assert (tmp_path / "bars.png").read_bytes().startswith(b"\x89PNG")


def test_a_figure_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    writer = FigureWriter()
    (tmp_path / "taken").touch()
    writer.save(with_a_lambda(), tmp_path / "taken" / "bars.png", "Two bars.")
    assert "taken" in (writer.finish() or "")

"""The child processes of a lesson: one that answers in JSON, and the one that saves figures."""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from course.figure_writer import FigureWriter, _pickled
from course.json_process import JsonProcess, ProcessFailed
from course.settings import ROOT

# A child process answers each line with a line, and whatever ends it is told in one line.

CHILD = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from course.json_process import answer_channel, requests
answer = answer_channel()
print("printed after")
for request in requests():
    if request["do"] == "leave":
        sys.exit("what it says last\\n")
    if request["do"] == "sleep":
        time.sleep(600)
    answer({{"echo": request["text"]}})
"""


@pytest.fixture
def process(tmp_path: Path) -> JsonProcess:
    (tmp_path / "child.py").write_text(CHILD, encoding="utf-8")
    return JsonProcess("child", root=tmp_path)


@pytest.mark.parametrize("text", ["", "é → 漢", "two\nlines", "x" * 100_000])
def test_an_answer_is_that_to_the_request(process: JsonProcess, text: str) -> None:
    with process:
        for each in (text, "again"):
            assert process.ask({"do": "echo", "text": each}) == {"echo": each}
    assert process.process.returncode is not None


def test_its_last_line_is_the_reason(process: JsonProcess) -> None:
    with process:
        with pytest.raises(ProcessFailed, match=r"^what it says last$"):
            process.ask({"do": "leave"})
        with pytest.raises(ProcessFailed, match=r"^what it says last$"):
            process.ask({"do": "echo", "text": "x"})  # into the broken pipe


def test_a_slow_answer_is_none(process: JsonProcess) -> None:
    with process:
        assert process.ask({"do": "echo", "text": "up"})  # its start is not counted
        process.patience = 0.01
        with pytest.raises(ProcessFailed):
            process.ask({"do": "sleep"})


def test_an_unknown_module_is_named() -> None:
    with JsonProcess("no_such_module") as process, pytest.raises(ProcessFailed, match="no_such"):
        process.answer()


# Figures are saved whatever is on their axes, on every Python version.


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

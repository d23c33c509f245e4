"""A gradebook that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from rich.console import Console

from classroom.grade import _show
from classroom.gradebook import Line, as_csv, as_json, summary
from classroom.scores import Scored

CLASS = [
    Line("Anna", "Anna.py", 1, "ok", "", 1.25, (Scored("a", 2, 2), Scored("b", 1.5, 3))),
    Line("Anna", "Anna.py", 3, "ok", "", 1.0, (Scored("a", 4, 4),)),
    Line("=cmd()", "x.py", None, "failed", "-1\n+2", 0.0),
    Line("Bob", "Bob.py", 1, "ok", "", 1.0, (Scored("a", 2, 2), Scored("b", 0, 3))),
    Line("Cem", "Cem.py", 1, "not graded"),
]


def test_the_table_has_a_line_for_each_and_a_column_for_each_exercise() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(CLASS))))
    assert list(rows[0]) == ["student", "lesson", "points", "out_of", "lesson1:a", "lesson1:b",
                             "lesson3:a", "seconds", "status", "reason"]  # fmt: skip
    assert len(rows) == len(CLASS)
    assert rows[0]["points"] == "3.5"
    assert rows[0]["lesson1:b"] == "1.5"
    assert rows[0]["lesson3:a"] == ""


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_is_a_formula(name: str) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([Line(name, "x.py", 1, "failed", name)])))
    assert row["student"].startswith("'")
    assert row["reason"].startswith("'")


def test_the_json_has_unchanged_names() -> None:
    first, _, third, *_ = json.loads(as_json(CLASS))["submissions"]
    assert third["student"] == "=cmd()"
    assert first["exercises"]["b"] == {"points": 1.5, "out_of": 3}


def test_the_summary_names_the_hardest_exercise_first() -> None:
    statistics = summary(CLASS)
    assert statistics["hardest"][0] == ("lesson1:b", 0.25)
    assert (statistics["ok"], statistics["failed"], statistics["not graded"]) == (3, 1, 1)
    assert statistics["median"] == pytest.approx(70)


def test_the_summary_says_who_is_included_in_the_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that did not run is not included, and the teacher should know that."""
    screen = Console(file=io.StringIO(), width=120)
    for name in ("classroom.grade.console", "course.console.console"):
        monkeypatch.setattr(name, screen)
    assert isinstance(screen.file, io.StringIO)
    _show(CLASS)
    output = screen.file.getvalue()
    assert "mean 70 %, median 70 % of the points, of the 3 that ran\n" in output
    assert re.search(r"points\W+status\W+reason", output)
    _show(CLASS[:2])
    assert screen.file.getvalue().endswith(
        "of the points\nhardest for the class: lesson1:b (50%)\n"
    )

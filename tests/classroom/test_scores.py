"""Points and subtractions, totals of a file and a class, and a gradebook safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from classroom.class_summary import summary
from classroom.exercise import CLOSE, Exercise, expect, judge, near
from classroom.grade import _show
from classroom.gradebook import Line, as_csv, as_json, columns
from classroom.roster import Class, Person
from classroom.scores import Marks, Scored, format_points

# The judges below do not use it.
STUDENT: Any = SimpleNamespace(begin=lambda: None, about_answers=lambda: "")


def worth_three(judgement: Callable[[Any], None]) -> tuple[float, str]:
    return judge(Exercise("one", "One", 3, 5, judgement), STUDENT)


def test_an_exercise_is_worth_all_its_points_or_none() -> None:
    assert worth_three(lambda _: expect(True, "a hint")) == (3, "")
    assert worth_three(lambda _: expect(False, "a hint")) == (0, "a hint")


def test_a_wrong_prediction_costs_its_points_only() -> None:
    def two_predictions(_: Any) -> None:
        expect(False, "first", worth=1)
        expect(True, "never", worth=1)
        expect(False, "second", worth=0.5)

    assert worth_three(two_predictions) == (1.5, "first")

    def then_wrong(_: Any) -> None:
        expect(False, "first", worth=1)
        expect(False, "the rest")

    assert worth_three(then_wrong) == (0, "the rest")

    def all_lost(_: Any) -> None:
        for _ in range(9):
            expect(False, "first", worth=1)

    assert worth_three(all_lost) == (0, "first")
    assert worth_three(lambda _: expect(True, "x", worth=1)) == (3, "")  # no state is left over


@pytest.mark.parametrize(
    ("actual", "expected", "is_near"),
    [
        (1.0, 1.0, True), (1 + 0.9 * CLOSE, 1.0, True), (1 + 1.2 * CLOSE, 1.0, False),
        (1 - 1.2 * CLOSE, 1.0, False), ([100.0, 0.02], [100.0, 0.0], True),
        ([100.0, 0.2], [100.0, 0.0], False), ([1.0], 1.0, False), ([1.0, 2.0], [[1.0, 2.0]], False),
        ([1, 2], [1.0, 2.0], True), (True, 1.0, False), ("1", 1.0, False), (None, 1.0, False),
        (float("nan"), 1.0, False), ([1.0, float("nan")], [1.0, 2.0], False),
        ([[1.0], [2.0, 3.0]], [1.0, 2.0], False), (0.0, 0.0, True), (0.9 * CLOSE, 0.0, True),
        (1.2 * CLOSE, 0.0, False), (np.zeros((0, 3)), np.zeros((0, 3)), True), (1j, 1.0, False),
    ],
)  # fmt: skip
def test_near(actual: Any, expected: Any, is_near: bool) -> None:
    assert near(actual, expected) == is_near


def test_the_points_of_a_file_are_the_sum_of_its_exercises() -> None:
    scored = (Scored("a", 1.5, 2), Scored("b", 0, 3, hint="think"), Scored("c", 4, 4))
    marks = Marks("mine.py", 2, "numpy", scored, "", 1.0)
    assert (marks.points, marks.out_of) == (5.5, 9)
    data = json.loads(marks.as_json())
    assert (data["points"], data["out_of"]) == (5.5, 9)
    assert [e["points"] for e in data["exercises"]] == [1.5, 0, 4]
    assert [format_points(p) for p in (2, 1.5, 0, 0.25, 10, 1 / 3)] == [
        "2",
        "1.5",
        "0",
        "0.25",
        "10",
        "0.33",
    ]


def test_json_is_readable_and_results_are_immutable() -> None:
    scored = Scored("a", 1, 2, "Größer")
    marks = Marks("mine.py", 2, "numpy", (scored,), "", 1.0)
    text = marks.as_json()
    assert '\n  "file": "mine.py",\n' in text
    assert "Größer" in text
    line = Line("ann", "Größe.py", 1, "ok")
    assert line.seconds == 0
    text = as_json([line])
    assert text.startswith('{\n "submissions": [\n  {\n   "student": "ann",\n   "file": "Größe.py"')
    for frozen in (scored, marks, line, Exercise("a", "A", 1, 1, lambda _: None)):
        with pytest.raises(AttributeError):
            frozen.points = 9  # type: ignore[misc, union-attr]


def test_a_line_without_a_lesson_comes_first() -> None:
    nothing = Line("zoe", "x", None, "failed", seconds=1.2345, exercises=(Scored("z", 0, 1),))
    lines = [line("ann", 1, 1), nothing]
    assert columns(lines) == ["lessonNone:z", "lesson1:first"]
    assert columns([Line("b", "x", 1, "ok", exercises=(Scored("b", 1, 1),)), nothing]) == [
        "lessonNone:z", "lesson1:b",
    ]  # fmt: skip
    assert as_csv(lines).splitlines()[1].startswith("ann,1,1,2,")
    assert as_csv(lines).splitlines()[2].startswith("zoe,,0,1,")
    assert json.loads(as_json(lines))["submissions"][1]["seconds"] == 1.2


def line(student: str, lesson: int, *points: float, status: Any = "ok") -> Line:
    names = ("first", "second", "third")
    worth = (2.0, 4.0, 10.0)
    scored = tuple(Scored(n, p, w) for n, p, w in zip(names, points, worth, strict=False))
    return Line(student, f"{student}.py", lesson, status, seconds=1.26, exercises=scored)


CLASS = [line("ann", 1, 2, 1, 10), line("bob", 1, 1, 4, 0), line("cy", 2, 2),
         line("di", 1, status="failed"), line("eve", 1, status="not graded")]  # fmt: skip


def test_the_columns_have_the_points_of_each_exercise() -> None:
    header, *rows = [row.split(",") for row in as_csv(CLASS).splitlines()]
    table = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert header[:4] == ["student", "lesson", "points", "out_of"]
    ann, bob, cy, di = (table[name] for name in ("ann", "bob", "cy", "di"))
    assert (ann["points"], ann["out_of"], ann["seconds"]) == ("13", "16", "1.3")
    assert [ann[f"lesson1:{n}"] for n in ("first", "second", "third")] == ["2", "1", "10"]
    assert [bob[f"lesson1:{n}"] for n in ("first", "second", "third")] == ["1", "4", "0"]
    assert (cy["lesson2:first"], cy["lesson1:first"], cy["points"]) == ("2", "", "2")
    assert (di["status"], di["points"], di["out_of"]) == ("failed", "0", "0")
    submissions = json.loads(as_json(CLASS))["submissions"]
    assert [s["points"] for s in submissions] == [13, 5, 2, 0, 0]
    assert submissions[0]["exercises"]["second"] == {"points": 1, "out_of": 4}


def test_a_failed_submission_counts_as_zero() -> None:
    result = summary(CLASS)
    shares = [100 * 13 / 16, 100 * 5 / 16, 100.0, 0.0]
    assert result.submissions == 5
    assert result.counts == {"ok": 3, "failed": 1, "not graded": 1}
    assert result.mean == pytest.approx(sum(shares) / 4)
    assert result.median == pytest.approx(50 * (13 + 5) / 16)
    assert [(each.column, each.share) for each in result.hardest] == [
        ("lesson1:third", 0.5), ("lesson1:second", 0.625), ("lesson1:first", 0.75),
        ("lesson2:first", 1.0),
    ]  # fmt: skip
    late = line("fay", 1, 0, 0, 0, status="failed")
    more = summary([*CLASS, late])
    assert more.mean == pytest.approx(sum(shares) / 5)
    assert more.hardest[0].share == pytest.approx(1 / 3)
    unfinished = summary(CLASS[4:])
    assert (unfinished.mean, unfinished.median, unfinished.hardest) == (None, None, [])


def test_an_exercise_has_its_counts_and_most_frequent_hints() -> None:
    def scored(points: float, hint: str) -> Line:
        return Line("x", "x.py", 1, "ok", exercises=(Scored("a", points, 2, "One", hint),))

    hints = [(2, ""), (0, "think"), (1, "look"), (0, "think")]
    crashed = Line("y", "y.py", 1, "failed", "a loop", exercises=(Scored("a", 0, 2, "One"),))
    (found,) = summary([*(scored(*each) for each in hints), crashed]).exercises
    assert (found.title, found.full, found.part, found.none) == ("One", 1, 1, 3)
    assert found.hints == (("think", 2), ("look", 1), ("a loop", 1))
    assert found.share == pytest.approx(0.3)


GRADED = [
    Line("Anna", "Anna.py", 1, "ok", "", 1.25, (Scored("a", 2, 2), Scored("b", 1.5, 3))),
    Line("Anna", "Anna.py", 3, "ok", "", 1.0, (Scored("a", 4, 4),)),
    Line("=cmd()", "x.py", None, "failed", "-1\n+2", 0.0),
    Line("Bob", "Bob.py", 1, "ok", "", 1.0, (Scored("a", 2, 2), Scored("b", 0, 3))),
    Line("Cem", "Cem.py", 1, "not graded"),
]


def test_the_table_has_a_line_for_each_and_a_column_for_each_exercise() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(GRADED))))
    assert list(rows[0]) == ["student", "lesson", "points", "out_of", "lesson1:a", "lesson1:b",
                             "lesson3:a", "seconds", "status", "reason"]  # fmt: skip
    assert len(rows) == len(GRADED)
    assert rows[0]["points"] == "3.5"
    assert rows[0]["lesson1:b"] == "1.5"
    assert rows[0]["lesson3:a"] == ""


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_is_a_formula(name: str) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([Line(name, "x.py", 1, "failed", name)])))
    assert row["student"].startswith("'")
    assert row["reason"].startswith("'")


def test_the_json_has_unchanged_names() -> None:
    first, _, third, *_ = json.loads(as_json(GRADED))["submissions"]
    assert third["student"] == "=cmd()"
    assert first["exercises"]["b"] == {"points": 1.5, "out_of": 3}


def test_the_summary_names_the_hardest_exercise_first() -> None:
    statistics = summary(GRADED)
    assert (statistics.hardest[0].column, statistics.hardest[0].share) == ("lesson1:b", 0.25)
    assert statistics.counts == {"ok": 3, "failed": 1, "not graded": 1}
    assert statistics.median == pytest.approx(55)


def test_what_is_printed_says_who_is_included_in_the_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that did not run counts as 0, and the teacher should know that."""
    screen = Console(file=io.StringIO(), width=120)
    for name in ("classroom.grade.console", "course.console.console"):
        monkeypatch.setattr(name, screen)
    assert isinstance(screen.file, io.StringIO)
    _show(GRADED, Class({}, absent=(Person("Late [Kim]"),), strangers=("Bob",)))
    output = screen.file.getvalue()
    assert "mean 52 %, median 55 % of the points; the 1 that failed count as 0\n" in output
    assert "handed in nothing: Late [Kim]\n" in output
    assert "not on the roster, or twice, so in no file for a platform: Bob\n" in output
    assert re.search(r"points\W+status\W+reason", output)
    _show(GRADED[:2], Class({}))
    assert screen.file.getvalue().endswith(
        "of the points\nhardest for the class: lesson1:b (50%)\n"
    )

"""One command grades a whole class, and every student gets the right marks."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import pytest

from classroom import check
from course.settings import Settings
from tests.classroom.handing_in import Graded, grade, solution, untouched
from tests.classroom.hints import wrong_answers
from tests.classroom.sandboxed import Targets, confined, left_behind
from tests.waiting import PATIENCE

LESSONS = (1, 2)  # their exercises need no framework
HOSTILE = ("endless_loop", "fork_bomb", "deletes_a_file", "huge_memory", "exits_at_once")
NAMES = ("Anna", "Björn", "Chloé", "Đorđe", "Ełżbieta", "Fatma Nur", "Gülşen", "李小龍", "O'Neil")


@dataclass(frozen=True)
class Expected:
    """A submission and its kind; wrong: the exercise that contains a mistake."""

    student: str
    lesson: int
    text: str
    notebook: bool = False
    wrong: str = ""
    nothing: bool = False
    hostile: bool = False


def solutions_with_one_mistake(lesson: int) -> list[tuple[str, str]]:
    """Pairs of an exercise and a solution in which that exercise is answered wrongly."""
    text = solution(lesson)
    return [(answer.exercise, answer.applied(text)) for answer in wrong_answers(lesson)]


def notebook(text: str) -> str:
    """A py:percent file as a notebook."""
    cells = []
    for part in text.split("# %%")[1:]:
        first, _, body = part.partition("\n")
        if "[markdown]" in first:
            prose = [line.removeprefix("# ") for line in body.splitlines()]
            cells.append({"cell_type": "markdown", "metadata": {}, "source": "\n".join(prose)})
        else:
            cells.append({"cell_type": "code", "metadata": {}, "source": body, "outputs": [],
                          "execution_count": None})  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def a_class(size: int, hostile: Sequence[str], targets: Targets) -> list[Expected]:
    """Submissions of every kind, with the hostile ones in the middle."""
    kinds: list[Expected] = []
    for lesson in LESSONS:
        text = solution(lesson)
        kinds += [
            Expected("", lesson, text),
            Expected("", lesson, untouched(lesson), nothing=True),
            Expected("", lesson, text, notebook=True),
        ]
        for exercise, wrong_text in solutions_with_one_mistake(lesson):
            kinds.append(Expected("", lesson, wrong_text, wrong=exercise))
    honest = list(islice(cycle(kinds), size - len(hostile)))
    bad = [Expected("", 1, targets.submission(name), nothing=True, hostile=True)
           for name in hostile]  # fmt: skip
    middle = len(honest) // 2
    submissions = [*honest[:middle], *bad, *honest[middle:]]
    return [
        Expected(f"{name} {number}", e.lesson, e.text, e.notebook, e.wrong, e.nothing, e.hostile)
        for number, (name, e) in enumerate(zip(cycle(NAMES), submissions, strict=False))
    ]


def hand_in(folder: Path, submissions: Sequence[Expected]) -> None:
    """Write the submissions: every third as a folder, the others as files."""
    for number, submission in enumerate(submissions):
        suffix = ".ipynb" if submission.notebook else ".py"
        student = submission.student
        name = f"{student}/mine{suffix}" if number % 3 == 0 else f"{student}{suffix}"
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = notebook(submission.text) if submission.notebook else submission.text
        file.write_text(text, encoding="utf-8")


def mistakes(graded: Graded, submissions: Sequence[Expected]) -> list[str]:
    """A line for each submission with wrong marks: not those of `check`, or not as its kind."""
    wrong = []
    for one in submissions:
        row = graded.row(one.student)
        marks = {
            name.partition(":")[2]: float(points)
            for name, points in row.items()
            if name.startswith(f"lesson{one.lesson}:") and points
        }
        points, out_of = float(row["points"]), float(row["out_of"])
        if one.hostile:
            right = row["status"] == "failed" and points == 0 and bool(row["reason"])
        else:
            right = row["status"] == "ok" and marks == checked(one.lesson, one.text)
            right = right and sum(marks.values()) == points
            if one.nothing:
                right = right and points == 0 and out_of > 0
            elif one.wrong:
                right = right and points < out_of
            else:
                right = right and points == out_of > 0
        if not right:
            alone = {} if one.hostile else checked(one.lesson, one.text)
            apart = {name for name in marks | alone if marks.get(name) != alone.get(name)}
            wrong.append(
                f"{one.student}, {one.wrong or one.nothing}: {dict(row)}; "
                f"`check` gives other points for {sorted(apart)}"
            )
    return wrong


@cache
def checked(lesson: int, text: str) -> dict[str, float]:
    """The points of `check` for each exercise of a text, without a sandbox."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mine.py")
        file.write_text(text, encoding="utf-8")
        marks = check.grade_file(lesson, file, Settings(backend="numpy"))
    assert not marks.problem
    return {each.name: each.points for each in marks.exercises}


def graded_class(tmp_path: Path, size: int, hostile: Sequence[str]) -> None:
    """Hand in and grade a class, and compare all marks with the expected ones."""
    confined()
    canary = tmp_path / "canary"
    canary.write_text("here", encoding="utf-8")
    token = f"class-{os.getpid()}-{time.monotonic_ns()}"
    submissions = a_class(size, hostile, Targets(canary, canary, token))
    folder = tmp_path / "handed in"
    hand_in(folder, submissions)
    graded = grade(folder, timeout=PATIENCE * (1 + size // 10), hostile=True)
    print(f"{size} submissions, {len(hostile)} of them hostile: {graded.seconds:.1f} s")
    assert graded.status == 0, graded.err
    assert len(graded.rows) == size
    assert mistakes(graded, submissions) == []
    assert canary.read_text(encoding="utf-8") == "here"
    assert left_behind(token) == []


def test_a_small_class(tmp_path: Path) -> None:
    graded_class(tmp_path, 12, HOSTILE[2:3])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_submissions_with_five_hostile_ones(tmp_path: Path) -> None:
    graded_class(tmp_path, 100, HOSTILE)

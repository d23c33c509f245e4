"""A whole class is graded by one command: everybody gets the marks that are theirs."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path

import pytest

from classroom import check
from course.settings import Settings
from tests.classroom.handing_in import Graded, grade, solution, untouched
from tests.classroom.sandboxed import Targets, confined, left_behind
from tests.waiting import PATIENCE

LESSONS = (1, 2)  # their exercises need no framework
HOSTILE = ("endless_loop", "fork_bomb", "deletes_a_file", "huge_memory", "exits_at_once")
NAMES = ("Anna", "Björn", "Chloé", "Đorđe", "Ełżbieta", "Fatma Nur", "Gülşen", "李小龍", "O'Neil")


@dataclass(frozen=True)
class Expected:
    """A submission and its kind: `wrong` names the exercise in which a mistake was planted."""

    student: str
    lesson: int
    text: str
    notebook: bool = False
    wrong: str = ""
    nothing: bool = False
    hostile: bool = False


def wrong_answers(lesson: int) -> list[tuple[str, str]]:
    """Solutions in which one exercise is answered wrongly, with its name."""
    table = import_module(f"tests.classroom.wrong_answers.lesson{lesson}").WRONG_ANSWERS
    whole = solution(lesson)
    return [(answer.exercise, answer.applied(whole)) for answer in table]


def notebook(text: str) -> str:
    """A py:percent file as Jupyter saves it."""
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
    """So many submissions, every kind among them, the hostile ones in the middle."""
    kinds: list[Expected] = []
    for lesson in LESSONS:
        whole = solution(lesson)
        kinds += [
            Expected("", lesson, whole),
            Expected("", lesson, untouched(lesson), nothing=True),
            Expected("", lesson, whole, notebook=True),
        ]
        for exercise, text in wrong_answers(lesson):
            kinds.append(Expected("", lesson, text, wrong=exercise))
    honest = list(islice(cycle(kinds), size - len(hostile)))
    bad = [Expected("", 1, targets.submission(name), nothing=True, hostile=True)
           for name in hostile]  # fmt: skip
    middle = len(honest) // 2
    everybody = [*honest[:middle], *bad, *honest[middle:]]
    return [
        Expected(f"{name} {number}", e.lesson, e.text, e.notebook, e.wrong, e.nothing, e.hostile)
        for number, (name, e) in enumerate(zip(cycle(NAMES), everybody, strict=False))
    ]


def hand_in(folder: Path, everybody: Sequence[Expected]) -> None:
    """Files by most, and a folder by every third."""
    for number, one in enumerate(everybody):
        suffix = ".ipynb" if one.notebook else ".py"
        name = f"{one.student}/mine{suffix}" if number % 3 == 0 else f"{one.student}{suffix}"
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = notebook(one.text) if one.notebook else one.text
        file.write_text(text, encoding="utf-8")


def mistakes(graded: Graded, everybody: Sequence[Expected]) -> list[str]:
    """Whoever was given other marks than theirs: those of `check`, and what the kind must have."""
    found = []
    for one in everybody:
        row = graded.row(one.student)
        given = {
            name.partition(":")[2]: float(points)
            for name, points in row.items()
            if name.startswith(f"lesson{one.lesson}:") and points
        }
        points, out_of = float(row["points"]), float(row["out_of"])
        if one.hostile:
            right = row["status"] == "failed" and points == 0 and bool(row["reason"])
        else:
            right = row["status"] == "ok" and given == checked(one.lesson, one.text)
            right = right and sum(given.values()) == points
            if one.nothing:
                right = right and points == 0 and out_of > 0
            elif one.wrong:
                right = right and points < out_of
            else:
                right = right and points == out_of > 0
        if not right:
            alone = {} if one.hostile else checked(one.lesson, one.text)
            apart = {name for name in given | alone if given.get(name) != alone.get(name)}
            found.append(
                f"{one.student}, {one.wrong or one.nothing}: {dict(row)}; "
                f"`check` gives other points for {sorted(apart)}"
            )
    return found


@cache
def checked(lesson: int, text: str) -> dict[str, float]:
    """What `check` gives for each exercise of a text, without walls."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mine.py")
        file.write_text(text, encoding="utf-8")
        marks = check.graded(lesson, file, Settings(backend="numpy"))
    assert not marks.problem
    return {each.name: each.points for each in marks.exercises}


def graded_class(tmp_path: Path, size: int, hostile: Sequence[str]) -> None:
    """Hand in, grade, and hold every mark against what it must be."""
    confined()
    canary = tmp_path / "canary"
    canary.write_text("here", encoding="utf-8")
    token = f"class-{os.getpid()}-{time.monotonic_ns()}"
    everybody = a_class(size, hostile, Targets(canary, canary, token))
    folder = tmp_path / "handed in"
    hand_in(folder, everybody)
    graded = grade(folder, timeout=PATIENCE * (1 + size // 10), hostile=True)
    print(f"{size} submissions, {len(hostile)} of them hostile: {graded.seconds:.1f} s")
    assert graded.status == 0, graded.err
    assert len(graded.rows) == size
    assert mistakes(graded, everybody) == []
    assert canary.read_text(encoding="utf-8") == "here"
    assert left_behind(token) == []


def test_a_small_class(tmp_path: Path) -> None:
    graded_class(tmp_path, 12, HOSTILE[2:3])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_with_five_hostile_among_them(tmp_path: Path) -> None:
    graded_class(tmp_path, 100, HOSTILE)

"""Files that are checked: a student's own, and what comes of them."""

from __future__ import annotations

from pathlib import Path

from classroom.check import exercises, graded
from classroom.exercise import judged
from classroom.limits import Limits
from classroom.rooms import OPEN, Room
from classroom.scores import Marks
from classroom.sources import Source
from classroom.student import Student
from course.settings import Settings

OPENING = "from classroom import open_exercises\n\nexercises = open_exercises(1)\n"
QUICK = Limits(call=1.5, loading=120.0, total=600.0)  # for a call that is meant to hang
DRAW = 0  # where the check's own numbers begin: in tests always at the same place
GENEROUS = Limits(call=60.0, loading=120.0, total=600.0)  # cores that others use too


def marks(
    text: str, folder: Path, lesson: int = 1, backend: str = "numpy", limits: Limits = GENEROUS,
    name: str = "mine.py", seed: int = 0, room: Room = OPEN, draw: int = DRAW,
) -> Marks:  # fmt: skip
    """What a file with this text earns."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return graded(lesson, file, Settings(backend=backend, seed=seed), room, limits, draw=draw)


def student(
    text: str, limits: Limits = GENEROUS, backend: str = "numpy", lesson: int = 1
) -> Student:
    """Somebody who has written this."""
    return Student(lesson, Source(text), Settings(backend=backend), OPEN, limits, DRAW)


def of_one_exercise(text: str, lesson: int, name: str) -> tuple[float, float, str]:
    """Points, points to reach and hint of one exercise alone."""
    (one,) = (one for one in exercises(lesson) if one.name == name)
    with student(text, lesson=lesson) as somebody:
        somebody.load()
        points, hint = judged(one, somebody)
    return points, one.points, hint

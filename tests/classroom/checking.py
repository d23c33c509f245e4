"""Helpers: check the text of a student's file."""

from __future__ import annotations

from pathlib import Path

from classroom.check import exercises, grade_file
from classroom.exercise import judge
from classroom.limits import Limits
from classroom.sandbox import UNCONFINED, Launcher
from classroom.scores import Marks
from classroom.sources import Source
from classroom.student import Student
from course.settings import Settings

OPENING = "from classroom import open_exercises\n\nexercises = open_exercises(1)\n"
QUICK = Limits(call=1.5, loading=120.0, total=600.0)  # for a call that hangs on purpose
CHECK_SEED = 0  # the seed of the check's random numbers in tests
GENEROUS = Limits(call=60.0, loading=120.0, total=600.0)  # for busy machines


def marks(
    text: str, folder: Path, lesson: int = 1, backend: str = "numpy", limits: Limits = GENEROUS,
    name: str = "mine.py", seed: int = 0, launcher: Launcher = UNCONFINED,
    check_seed: int = CHECK_SEED,
) -> Marks:  # fmt: skip
    """The marks of a file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    settings = Settings(backend=backend, seed=seed)
    return grade_file(lesson, file, settings, launcher, limits, check_seed=check_seed)


def student(
    text: str, limits: Limits = GENEROUS, backend: str = "numpy", lesson: int = 1
) -> Student:
    """A student whose file has this text."""
    settings = Settings(backend=backend)
    return Student(lesson, Source(text), settings, UNCONFINED, limits, CHECK_SEED)


def judge_exercise(text: str, lesson: int, name: str) -> tuple[float, float, str]:
    """Points, possible points and hint of a single exercise."""
    (exercise,) = (each for each in exercises(lesson) if each.name == name)
    with student(text, lesson=lesson) as author:
        author.load()
        points, hint = judge(exercise, author)
    return points, exercise.points, hint

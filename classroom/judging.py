"""Judge the exercises of a lesson, wherever the student's program runs."""

from __future__ import annotations

import importlib

from adapters.contract import require
from classroom.exercise import Exercise, exercises_of, judge
from classroom.scores import Scored
from classroom.student import Student
from course.settings import ROOT

LONGEST = 600  # characters of a hint
# Errors of a check caused by an unexpected answer, such as a list instead of a number.
UNEXPECTED = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip
WRONG_KIND = "What comes back is of another kind than was asked for, and could not be judged"


def exercises(number: int) -> list[Exercise]:
    """The exercises of a lesson. Raises SettingsError where it has none."""
    name, known = f"classroom.checks.lesson{number}", lessons_with_exercises()
    require(
        number in known,
        f"lesson {number} has no exercises: choose one of {', '.join(map(str, known))}",
    )
    importlib.import_module(name)
    return exercises_of(name)


def score(exercise: Exercise, student: Student) -> Scored:
    """The points and the hint of one exercise, whatever the student's functions return."""
    try:
        points, hint = judge(exercise, student)
    except UNEXPECTED as error:
        form = student.about_answers()
        points, hint = 0.0, form or f"{WRONG_KIND} ({type(error).__name__}: {error})."
    stopped = student.excerpt if points == 0 else ""
    return Scored(exercise.name, points, exercise.points, exercise.title, hint[:LONGEST], stopped)


def lessons_with_exercises() -> list[int]:
    """The numbers of the lessons whose exercises can be checked, in order."""
    files = (ROOT / "classroom" / "checks").glob("lesson?*.py")
    return sorted(int(file.stem.removeprefix("lesson")) for file in files)

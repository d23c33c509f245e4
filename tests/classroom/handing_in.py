"""Helpers: check a student's file or many answers at once, or run `grade` on a folder."""

from __future__ import annotations

import ast
import csv
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classroom.check import exercises, grade_file
from classroom.exercise import judge
from classroom.limits import Limits
from classroom.sandbox import UNCONFINED, Launcher
from classroom.scores import Marks
from classroom.sources import Source
from classroom.student_process import StudentProcess
from course.settings import ROOT, Settings
from tests.classroom.sandboxed import IMPATIENCE
from tests.waiting import PATIENCE

SOON = 8.0  # seconds; a hostile file does its harm long before, even on a busy machine
GRADER = ("-m", "classroom.grade")
SOLUTION = "lessons/solutions/lesson{}.py"
UNTOUCHED = "lessons/exercises/lesson{}.py"


@dataclass(frozen=True)
class Graded:
    """The result of the command, and the rows of its table by student and lesson."""

    status: int
    out: str
    err: str
    seconds: float
    rows: Mapping[tuple[str, str], Mapping[str, str]]

    def row(self, student: str) -> Mapping[str, str]:
        """The only row of a student."""
        (only,) = (row for (name, _), row in self.rows.items() if name == student)
        return only


# The grader, except that hostile files get less time, because most of them never end.
IMPATIENT = f"""
from dataclasses import replace
from classroom import parallel_grading
from classroom.grade import grade
from course.cli_errors import run
patient = parallel_grading.grade_file
def grade_file(lesson, file, settings, launcher, limits):
    if {IMPATIENCE!r} in file.read_text(encoding="utf-8", errors="replace"):
        limits = replace(limits, call={SOON}, loading={SOON})
    return patient(lesson, file, settings, launcher, limits)
parallel_grading.grade_file = grade_file
run(grade, "python -m classroom.grade")
"""


def command(folder: Path, *arguments: str, program: Sequence[str] = GRADER) -> list[str]:
    """The command line of the grader, on NumPy."""
    return [sys.executable, *program, str(folder), "--backend=numpy", *arguments]


def grade(
    folder: Path, *arguments: str, timeout: float = PATIENCE, hostile: bool = False
) -> Graded:
    """Grade a folder; the table is written beside it. hostile: give hostile files less time."""
    table = folder.parent / "grades.csv"
    program = ("-c", IMPATIENT) if hostile else GRADER
    start = time.monotonic()
    done = subprocess.run(
        command(folder, f"--csv={table}", *arguments, program=program), capture_output=True,
        text=True, timeout=timeout, check=False, cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    seconds = time.monotonic() - start
    return Graded(done.returncode, done.stdout, done.stderr, seconds, rows(table))


def rows(table: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of a table by student and lesson; none if there is no table."""
    if not table.exists():
        return {}
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return {(row["student"], row["lesson"]): row for row in csv.DictReader(lines)}


def solution(lesson: int) -> str:
    """The text of a solution, which has full marks."""
    return (ROOT / SOLUTION.format(lesson)).read_text(encoding="utf-8")


def untouched(lesson: int) -> str:
    """The text of an exercise file without answers."""
    return (ROOT / UNTOUCHED.format(lesson)).read_text(encoding="utf-8")


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
) -> StudentProcess:
    """A student whose file has this text."""
    settings = Settings(backend=backend)
    return StudentProcess(lesson, Source(text), settings, UNCONFINED, limits, CHECK_SEED)


def judge_exercise(text: str, lesson: int, name: str) -> tuple[float, float, str]:
    """Points, possible points and hint of a single exercise."""
    (exercise,) = (each for each in exercises(lesson) if each.name == name)
    with student(text, lesson=lesson) as author:
        author.load()
        points, hint = judge(exercise, author)
    return points, exercise.points, hint


# Judge many answers to the exercises of one lesson separately, but in a single process.

ANSWER = """

def _answer_{place}():
{body}
    return locals()


globals().update({{f"{{name}}__{place}": value for name, value in _answer_{place}().items()}})
"""


class Renamed(StudentProcess):
    """A student with the answer at one position; all other names come from the solution."""

    place = -1
    known: frozenset[str] = frozenset()

    def at(self, place: int) -> Renamed:
        """Switch to the answer at another position."""
        self.place = place
        return self

    def call(self, name: str, *arguments: Any) -> Any:
        return super().call(self._renamed(name), *arguments)

    def follow(self, name: str, a: Any, b: Any) -> tuple[Any, set[str]]:
        return super().follow(self._renamed(name), a, b)

    def value(self, name: str) -> Any:
        return super().value(self._renamed(name))

    def _renamed(self, name: str) -> str:
        self.known = self.known or frozenset(super().value("_names"))
        return f"{name}__{self.place}" if f"{name}__{self.place}" in self.known else name


def changed(before: str, after: str) -> str:
    """The statements of program `after` that are not in program `before`."""
    old = {ast.unparse(node) for node in ast.parse(before).body}
    return "\n".join(
        text for node in ast.parse(after).body if (text := ast.unparse(node)) not in old
    )


def judged_together(lesson: int, answers: Sequence[tuple[str, str]]) -> list[tuple[float, str]]:
    """Points and hint of each answer; answers: pairs of an exercise and its code."""
    text = solution(lesson) + "".join(
        ANSWER.format(place=place, body=textwrap.indent(code.strip("\n"), "    "))
        for place, (_, code) in enumerate(answers)
    )
    text += "\n_names = [name for name in globals() if not name.startswith('_')]\n"
    by_name = {exercise.name: exercise for exercise in exercises(lesson)}
    settings = Settings(backend="numpy")
    with Renamed(lesson, Source(text), settings, UNCONFINED, GENEROUS, CHECK_SEED) as student:
        student.load()
        return [
            judge(by_name[exercise], student.at(place))
            for place, (exercise, _) in enumerate(answers)
        ]

"""Classes that hand in: what a student may write, good and less good, and grading it all."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.settings import ROOT
from tests.classroom.sandboxed import IMPATIENCE
from tests.waiting import PATIENCE

SOON = 8.0  # seconds; whoever does harm has done it long before, also on a busy machine
GRADER = ("-m", "classroom.grade")
SOLUTION = "lessons/solutions/lesson{}.py"
UNTOUCHED = "lessons/exercises/lesson{}.py"


@dataclass(frozen=True)
class Graded:
    """How the command ended, and the table it wrote: a row for each student and lesson."""

    status: int
    out: str
    err: str
    seconds: float
    rows: Mapping[tuple[str, str], Mapping[str, str]]

    def row(self, student: str) -> Mapping[str, str]:
        """The only row of a student."""
        (found,) = (row for (name, _), row in self.rows.items() if name == student)
        return found


# The grader as it is, but that it gives a hostile file less time: most of them never end.
IMPATIENT = f"""
from dataclasses import replace
from classroom import grading
from classroom.grade import grade
from course.cli_errors import run
patient = grading.graded
def graded(lesson, file, settings, room, limits):
    if {IMPATIENCE!r} in file.read_text(encoding="utf-8", errors="replace"):
        limits = replace(limits, call={SOON}, loading={SOON})
    return patient(lesson, file, settings, room, limits)
grading.graded = graded
run(grade, "python -m classroom.grade")
"""


def command(folder: Path, *arguments: str, program: Sequence[str] = GRADER) -> list[str]:
    """The grader's, on NumPy."""
    return [sys.executable, *program, str(folder), "--backend=numpy", *arguments]


def grade(
    folder: Path, *arguments: str, timeout: float = PATIENCE, hostile: bool = False
) -> Graded:
    """Grade a folder; its table is written beside it. hostile: with less time for such files."""
    table = folder.parent / "grades.csv"
    program = ("-c", IMPATIENT) if hostile else GRADER
    begun = time.monotonic()
    done = subprocess.run(
        command(folder, f"--csv={table}", *arguments, program=program), capture_output=True,
        text=True, timeout=timeout, check=False, cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    seconds = time.monotonic() - begun
    return Graded(done.returncode, done.stdout, done.stderr, seconds, rows(table))


def rows(table: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of a table by student and lesson; none if there is no table."""
    if not table.exists():
        return {}
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return {(row["student"], row["lesson"]): row for row in csv.DictReader(lines)}


def solution(lesson: int) -> str:
    """What has full marks."""
    return (ROOT / SOLUTION.format(lesson)).read_text(encoding="utf-8")


def untouched(lesson: int) -> str:
    """What was handed out."""
    return (ROOT / UNTOUCHED.format(lesson)).read_text(encoding="utf-8")

"""python -m classroom.check N: what a student wrote, with points and hints.

Ends with status 0 if all points are there, 1 if not, and 2 for what cannot be checked at all.
"""

from __future__ import annotations

import importlib
import os
import textwrap
import time
from pathlib import Path

import click
from rich.text import Text

from adapters import BACKENDS, require_installed
from adapters.contract import require
from classroom.exercise import Exercise, exercises_of, judged
from classroom.limits import Limits
from classroom.rooms import OPEN, Room
from classroom.scores import Marks, Scored, told
from classroom.sources import source_of
from classroom.student import Student, Unloadable
from course.atomic_files import relative_to_root, write_whole
from course.cli_errors import check_place, run
from course.console import console
from course.options import OneOf, Whole
from course.settings import CHAPTERS, LARGEST_SEED, ROOT, Settings

LONGEST = 600  # letters of a hint
# What a check raises over an answer that it did not foresee: a list where it wanted a number.
UNFORESEEN = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip
MIXED_UP = "What comes back is of another kind than was asked for, and could not be judged"


def exercises(number: int) -> list[Exercise]:
    """The exercises of a lesson. Raises SettingsError where it has none."""
    name = f"classroom.checks.lesson{number}"
    found = (ROOT / "classroom" / "checks" / f"lesson{number}.py").is_file()
    require(found, f"lesson {number} has no exercises: choose one of {_those_with_exercises()}")
    importlib.import_module(name)
    return exercises_of(name)


def graded(
    number: int, file: Path, settings: Settings, room: Room = OPEN, limits: Limits | None = None,
    draw: int | None = None,
) -> Marks:  # fmt: skip
    """What a student's file earns; the file is not changed, and whatever it does is survived.

    room: where its process runs. draw: where the check's own random numbers begin, which nobody can
    guess unless it is given. Raises SettingsError and OSError where there is nothing to read.
    """
    begun = time.monotonic()
    require(hasattr(os, "killpg"), "exercises are checked on Linux and macOS: on Windows, in WSL")
    all_of_it, problem = exercises(number), ""
    scored = [Scored(one.name, 0, one.points, one.title) for one in all_of_it]
    with Student(number, source_of(file), settings, room, limits or Limits(), draw) as student:
        try:
            student.load()
        except Unloadable as wrong:
            problem = str(wrong)[:LONGEST]
        else:
            scored = [_scored(one, student) for one in all_of_it]
    seconds = round(time.monotonic() - begun, 3)
    return Marks(str(file), number, settings.backend, tuple(scored), problem, seconds)


def _scored(one: Exercise, student: Student) -> Scored:
    try:
        points, hint = judged(one, student)
    except UNFORESEEN as error:
        points, hint = 0.0, f"{MIXED_UP} ({type(error).__name__}: {error})."
    return Scored(one.name, points, one.points, one.title, hint[:LONGEST])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("number", type=Whole(min(CHAPTERS), max(CHAPTERS)))
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), default="torch", show_default=True,
              help="The backend that the file runs on.")  # fmt: skip
@click.option("--dtype", type=OneOf(["float32", "float64"]), default="float32",
              show_default=True)  # fmt: skip
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True,
              help="For the random numbers of the check.")  # fmt: skip
@click.option("--file", type=click.Path(path_type=Path),
              help="A .py or .ipynb file  [default: lessons/exercises/lessonN.py]")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path),
              help="The marks, for a gradebook.")  # fmt: skip
def check(
    number: int, backend: str, dtype: str, seed: int, file: Path | None, json_file: Path | None
) -> None:
    """Check the exercises of lesson NUMBER: points, and a hint where some are missing."""
    require_installed(backend)
    chosen = file or ROOT / "lessons" / "exercises" / f"lesson{number}.py"
    if json_file is not None:
        check_place(json_file)
    marks = graded(number, chosen, Settings(backend=backend, dtype=dtype, seed=seed))
    if json_file is not None:
        write_whole(json_file, marks.as_json().encode())
    _tell(marks)
    click.get_current_context().exit(0 if marks.points == marks.out_of else 1)


def _tell(marks: Marks) -> None:
    """The marks for a person, or for a projector."""
    title = CHAPTERS[marks.lesson].title
    _say(f"Exercises of lesson {marks.lesson} · {title}  ({marks.backend})", "bold")
    _say(f"judged: {relative_to_root(Path(marks.file))}")
    if marks.problem:
        _say("Your file does not run from top to bottom, so nothing could be judged yet.", "red")
        _say(_wrapped(marks.problem))
    for one in marks.exercises if not marks.problem else ():
        full = one.points == one.out_of
        points = f"{told(one.points)}/{told(one.out_of)}"
        _say(f"{'✓' if full else '✗'} {points:>6}  {one.title}", "green" if full else "bold yellow")
        if one.hint:
            _say(_wrapped(one.hint))
    total = f"{told(marks.points)} of {told(marks.out_of)} points"
    ending = (
        ": well done!" if marks.points == marks.out_of
        else " so far, which is no failure: go on where it says why" if marks.problem
        else " so far, which is no failure: go on where a ✗ is"
    )  # fmt: skip
    _say(f"{total}{ending}  ({marks.seconds:.1f} s)", "bold")


def _say(text: str, style: str = "") -> None:
    """Print text that may be anybody's, as it stands."""
    shown = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    console.print(Text(shown, style=style))


def _wrapped(hint: str) -> str:
    width = max(40, min(console.width, 100))
    space = " " * 10
    return textwrap.fill(hint, width, initial_indent=space, subsequent_indent=space)


def _those_with_exercises() -> str:
    files = (ROOT / "classroom" / "checks").glob("lesson?.py")
    return ", ".join(sorted(file.stem.removeprefix("lesson") for file in files))


if __name__ == "__main__":
    run(check, "python -m classroom.check")

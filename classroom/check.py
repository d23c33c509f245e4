"""python -m classroom.check N: judge a student's answers, with points and hints.

The exit status is 0 for full points, 1 for fewer, and 2 if nothing could be checked.
"""

from __future__ import annotations

import os
import textwrap
import time
from pathlib import Path

import click
from rich.text import Text

from adapters import BACKENDS, require_installed
from adapters.contract import require
from classroom.judging import LONGEST, exercises, score
from classroom.limits import Limits
from classroom.sandbox import UNCONFINED, Launcher
from classroom.scores import Marks, Scored, format_points
from classroom.sources import source_of
from classroom.student_process import StudentProcess, Unloadable
from course.cli_errors import check_place, run
from course.console import console
from course.lessons import LESSONS
from course.options import OneOf, Whole
from course.settings import LARGEST_SEED, ROOT, Settings, relative_to_root
from datasets.atomic_files import write_whole

INDENT = " " * 10  # of a hint


def grade_file(
    number: int, file: Path, settings: Settings, launcher: Launcher = UNCONFINED,
    limits: Limits | None = None, check_seed: int | None = None,
) -> Marks:  # fmt: skip
    """Grade a student's file. The file is not changed, and nothing that it does stops the check.

    launcher: starts its process, in a sandbox or not. check_seed: the seed of the check's random
    numbers, unpredictable by default. Raises SettingsError or OSError if the file cannot be read.
    """
    start = time.monotonic()
    require(hasattr(os, "killpg"), "exercises are checked on Linux and macOS: on Windows, in WSL")
    all_exercises, problem = exercises(number), ""
    scored = [Scored(each.name, 0, each.points, each.title) for each in all_exercises]
    source, notes = source_of(file), list[str]()
    with StudentProcess(
        number, source, settings, launcher, limits or Limits(), check_seed
    ) as student:
        try:
            student.load()
        except Unloadable as error:
            problem = str(error)[:LONGEST]
        else:
            scored = [score(each, student) for each in all_exercises]
            # What a hint is about needs no note.
            notes = [
                f"{crash.sentence[:LONGEST]}\n{crash.excerpt}".strip()
                for crash in student.crashes.roots()
                if crash.line not in student.reported
            ]
            if not student.has_answered and student.crashes.all:
                problem, notes = student.crashes.all[0].sentence[:LONGEST], []
    seconds = round(time.monotonic() - start, 3)
    return Marks(str(file), number, settings.backend, tuple(scored), problem, seconds, tuple(notes))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("number", type=Whole(min(LESSONS), max(LESSONS)))
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), default="torch",
              show_default=True, help="The backend for the exercises.")  # fmt: skip
@click.option("--dtype", type=OneOf(["float32", "float64"]), default="float32",
              show_default=True)  # fmt: skip
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True,
              help="The seed that the exercise file gets.")  # fmt: skip
@click.option("--file", type=click.Path(path_type=Path),
              help="A .py or .ipynb file  [default: lessons/exercises/lessonN.py]")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path),
              help="Also write the points here, for a gradebook.")  # fmt: skip
def check(
    number: int, backend: str, dtype: str, seed: int, file: Path | None, json_file: Path | None
) -> None:
    """Check the exercises of lesson NUMBER: points, and a hint for each missing one."""
    require_installed(backend)
    chosen = file or ROOT / "lessons" / "exercises" / f"lesson{number}.py"
    if json_file is not None:
        check_place(json_file)
    marks = grade_file(number, chosen, Settings(backend=backend, dtype=dtype, seed=seed))
    if json_file is not None:
        write_whole(json_file, marks.as_json().encode())
    _show(marks)
    click.get_current_context().exit(0 if marks.points == marks.out_of else 1)


def _show(marks: Marks) -> None:
    """Print the points and hints, readable on a projector too."""
    title = LESSONS[marks.lesson].title
    _print(f"Exercises of lesson {marks.lesson} · {title}  ({marks.backend})", "bold")
    _print(f"judged: {relative_to_root(Path(marks.file))}")
    if marks.problem:
        _print("Nothing in your file could be judged yet.", "red")
        _print(_wrapped(marks.problem))
    for exercise in marks.exercises if not marks.problem else ():
        full = exercise.points == exercise.out_of
        points = f"{format_points(exercise.points)}/{format_points(exercise.out_of)}"
        _print(
            f"{'✓' if full else '✗'} {points:>6}  {exercise.title}",
            "green" if full else "bold yellow",
        )
        if exercise.hint:
            _print(_wrapped(exercise.hint))
        if exercise.excerpt:
            _print(textwrap.indent(exercise.excerpt, INDENT))
    for note in marks.notes if not marks.problem else ():
        sentence, _, stopped = note.partition("\n")
        _print("Elsewhere in the file:", "yellow")
        _print(_wrapped(sentence))
        if stopped:
            _print(textwrap.indent(stopped, INDENT))
    total = f"{format_points(marks.points)} of {format_points(marks.out_of)} points"
    ending = (
        ": well done!" if marks.points == marks.out_of
        else " so far, which is no failure: go on where it says why" if marks.problem
        else " so far, which is no failure: go on where a ✗ is"
    )  # fmt: skip
    _print(f"{total}{ending}  ({marks.seconds:.1f} s)", "bold")


def _print(text: str, style: str = "") -> None:
    """Print untrusted text literally, without control characters or markup."""
    printable = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    console.print(Text(printable, style=style))


def _wrapped(hint: str) -> str:
    width = max(40, min(console.width, 100))
    return textwrap.fill(hint, width, initial_indent=INDENT, subsequent_indent=INDENT)


if __name__ == "__main__":
    run(check, "python -m classroom.check")

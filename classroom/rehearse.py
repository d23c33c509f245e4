"""python -m classroom.rehearse: go through a teaching day's commands before the class does.

The exit status is 0 if nothing is missing, and 1 otherwise. Ctrl-C ends it and what it has started.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
from rich.markup import escape

from adapters import BACKENDS
from classroom.rehearsal.steps import FIRST_DAY, Step, steps
from course.cli_errors import run
from course.console import console, table
from course.lessons import LESSONS
from course.options import OneOf, Whole
from course.wording import as_typed

INTRODUCTION = (
    "{} steps of the day, one after the other. Together they take some minutes; the first time the "
    "slides alone do, since their figures are drawn. Ctrl-C ends it."
)


@dataclass(frozen=True)
class Rehearsed:
    """A step that was tried; problem: what is missing and what to do, or empty."""

    step: Step
    seconds: float
    problem: str


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lesson", type=Whole(min(LESSONS), max(LESSONS)),
              help="A day with this lesson alone  [default: lessons 1 to 6]")  # fmt: skip
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), default="torch",
              show_default=True, help="The backend of the day.")  # fmt: skip
def rehearse(lesson: int | None, backend: str) -> None:
    """Go through a teaching day's commands on this machine, and say what is missing."""
    day = steps((lesson,) if lesson else FIRST_DAY, backend)
    console.print(INTRODUCTION.format(len(day)), markup=False)
    start = time.monotonic()
    # What a step cannot remove, such as a file of a sandbox that is ending, must not end the rest.
    with tempfile.TemporaryDirectory(prefix="rehearse-", ignore_cleanup_errors=True) as name:
        done = [_rehearsed(step, Path(name), place, len(day)) for place, step in enumerate(day, 1)]
    missing = [one for one in done if one.problem]
    _show(done, time.monotonic() - start)
    click.get_current_context().exit(1 if missing else 0)


def _rehearsed(step: Step, folder: Path, place: int, of: int) -> Rehearsed:
    """Try one step, and print a line before and after."""
    console.print(f"{place:2}/{of} {step.name} … ", end="", markup=False)
    start = time.monotonic()
    problem = step.perform(folder)
    seconds = time.monotonic() - start
    console.print(f"{seconds:.1f} s  {'MISSING' if problem else 'ok'}", markup=False)
    return Rehearsed(step, seconds, as_typed(problem))


def _show(done: list[Rehearsed], seconds: float) -> None:
    """Print the table, and under it what to do."""
    rows = [
        [escape(one.step.name), escape(one.step.command), f"{one.seconds:.1f}",
         "[bold red]missing[/]" if one.problem else "ok"]
        for one in done
    ]  # fmt: skip
    table("The day", ["step", "command", "seconds", ""], rows)
    missing = [one for one in done if one.problem]
    for one in missing:
        console.print(f"missing: {one.step.name}: {one.problem}", markup=False)
    verdict = (
        f"{len(missing)} of {len(done)} steps are not ready" if missing
        else "nothing is missing"
    )  # fmt: skip
    console.print(f"rehearsed in {seconds:.0f} s: {verdict}", style="bold", markup=False)


if __name__ == "__main__":
    run(rehearse, "python -m classroom.rehearse")

"""python -m classroom.grade FOLDER: what a class handed in, each submission in a room with walls.

Each entry of FOLDER is a student: a .py or .ipynb file, or a folder of them. The marks are written
as a table (--csv) and for programs (--json). Ctrl-C keeps what is graded so far.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters import BACKENDS, require_installed
from classroom.gradebook import Line, as_csv, as_json, summary
from classroom.parallel_grading import Grading
from classroom.process_tree import machine_memory
from classroom.rooms import OPEN, Room
from classroom.sandbox_check import protection, tested
from classroom.scores import told
from classroom.submissions import Submission, handed_in
from course.atomic_files import write_whole
from course.cli_errors import INTERRUPTED, check_place, run
from course.console import console, table
from course.options import OneOf, Whole
from course.settings import CHAPTERS, Settings

WITHOUT_WALLS = (
    "!!! NO WALLS (--trust): what was handed in runs as you, may read and change your files and "
    "use your network; only its time and memory are limited"
)
# Bytes: TensorFlow alone takes a third of it.
NEEDED_BY_ONE = 2 * 1024**3
SHOWN = 5  # of the hardest exercises


class Step(Protocol):
    """Tells that one more is done."""

    def __call__(self, line: Line) -> None: ...


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), default="torch", show_default=True,
              help="The backend on which the submissions run.")  # fmt: skip
@click.option("--lesson", type=Whole(min(CHAPTERS), max(CHAPTERS)),
              help="Only what was handed in for this lesson.")  # fmt: skip
@click.option("--jobs", type=Whole(min=1), help="So many at a time  [default: one for each core]")
@click.option("--csv", "table_file", type=click.Path(path_type=Path), default="grades.csv",
              show_default=True, help="The marks, for a spreadsheet.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path),
              help="The marks, for a program.")  # fmt: skip
@click.option("--trust", is_flag=True, help="Grade without walls. You have read every file.")
def grade(
    folder: Path,
    backend: str,
    lesson: int | None,
    jobs: int | None,
    table_file: Path,
    json_file: Path | None,
    trust: bool,
) -> None:
    """Grade every submission in FOLDER: a file, or a folder of files, for each student."""
    files = [file.absolute() for file in (table_file, json_file) if file is not None]
    for file in files:
        check_place(file)
    require_installed(backend)
    submissions = handed_in(folder, lesson, frozenset(files))
    room: Room = OPEN
    if trust:
        click.echo(WITHOUT_WALLS, err=True)
    else:
        room = tested()
        click.echo(protection(room), err=True)
    # More threads than submissions would only wait.
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
    at_once = min(jobs or _as_many_as_fit(), len(submissions))

    def save(lines: Sequence[Line]) -> None:
        write_whole(table_file, as_csv(lines).encode("utf-8-sig"))  # or Excel misreads every é
        if json_file is not None:
            write_whole(json_file, as_json(lines).encode())

    lines, interrupted = _all(submissions, room, Settings(backend=backend), at_once, save)
    save(lines)
    _tell(lines)
    console.print(f"marks: {', '.join(str(file) for file in files)}")
    if interrupted:
        click.echo("interrupted: what was graded is kept", err=True)
        click.get_current_context().exit(INTERRUPTED)


def _all(
    submissions: Sequence[Submission], room: Room, settings: Settings, jobs: int,
    save: Callable[[Sequence[Line]], None],
) -> tuple[list[Line], bool]:  # fmt: skip
    """A line for each, in their order, and whether Ctrl-C came before the end.

    save: called after each with what there is, so that a machine that stops loses no class.
    """
    done: dict[int, Line] = {}
    interrupted = False

    def so_far() -> list[Line]:
        return [
            done.get(place, Line(one.student, one.file, one.lesson, "not graded", "interrupted"))
            for place, one in enumerate(submissions)
        ]

    with Grading(submissions, room, settings, jobs) as grading, _progress(len(submissions)) as step:
        try:
            for place, line in grading.lines():
                done[place] = line
                save(so_far())
                step(line)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second one loses nothing
            interrupted = True
    return so_far(), interrupted


@contextmanager
def _progress(total: int) -> Iterator[Step]:
    """A bar on a terminal; elsewhere a line for each tenth of the way."""
    if console.is_terminal:
        columns = (
            TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[last]}"),
        )  # fmt: skip
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", total=total, last="")
            yield lambda line: bar.update(task, advance=1, last=escape(line.student))
        return
    done = 0

    def step(line: Line) -> None:
        nonlocal done
        done += 1
        if 10 * done // total > 10 * (done - 1) // total:
            console.print(f"graded {done} of {total}", markup=False)

    yield step


def _tell(lines: Sequence[Line]) -> None:
    """Every student's marks, and what the class as a whole found hard."""
    rows = [
        [escape(line.student), line.lesson or "?", f"{told(line.points)}/{told(line.out_of)}",
         line.status, escape(line.reason)]
        for line in lines
    ]  # fmt: skip
    table("Marks", ["student", "lesson", "points", "status", "reason"], rows)
    said = summary(lines)
    counts = [f"{said[name]} {name}" for name in ("ok", "failed", "not graded") if said[name]]
    console.print(f"{said['submissions']} submissions: {', '.join(counts)}")
    if said["mean"] is not None:
        of = f", of the {said['ok']} that ran" if said["ok"] < said["submissions"] else ""
        console.print(f"mean {said['mean']:.0f} %, median {said['median']:.0f} % of the points{of}")
    hard = [f"{name} ({share:.0%})" for name, share in said["hardest"][:SHOWN] if share < 1]
    if hard:
        console.print(f"hardest for the class: {', '.join(hard)}", markup=False)


def _as_many_as_fit() -> int:
    """The cores that this process may use, or fewer where memory is short."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(cores, machine_memory() // NEEDED_BY_ONE))


if __name__ == "__main__":
    run(grade, "python -m classroom.grade")

"""python -m classroom.grade FOLDER: grade what a class handed in, each submission in a sandbox.

Each entry of FOLDER is a student: a .py or .ipynb file, or a folder of them. The points are written
as a table (--csv) and as JSON (--json); pages to hand back, an overview of the class and files for
learning platforms go into a folder (--out). Ctrl-C keeps the results so far.
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
from classroom.class_summary import STATUSES, summary
from classroom.exports import write_exports
from classroom.gradebook import Line, as_csv, as_json
from classroom.pages import write_pages
from classroom.parallel_grading import Grading
from classroom.process_tree import machine_memory
from classroom.roster import Class, matched, read_roster
from classroom.sandbox import UNCONFINED, Launcher
from classroom.sandbox_check import protection, verified_sandbox
from classroom.scores import format_points
from classroom.submissions import Submission, find_submissions, in_the_only_lesson
from course.cli_errors import INTERRUPTED, check_folder, check_place, run
from course.console import console, table
from course.lessons import LESSONS
from course.options import OneOf, Whole
from course.settings import Settings
from datasets.atomic_files import write_whole

WITHOUT_SANDBOX = (
    "!!! NO SANDBOX (--trust): submissions run as you, may read and change your files and use your "
    "network; only their time and memory are limited"
)
# Bytes for one submission; TensorFlow alone takes a third of it.
MEMORY_OF_ONE = 2 * 1024**3
HARDEST = 5  # exercises that are printed


class Step(Protocol):
    """Reports that one more submission is done."""

    def __call__(self, line: Line) -> None: ...


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), default="torch",
              show_default=True, help="The backend for the submissions.")  # fmt: skip
@click.option("--lesson", type=Whole(min(LESSONS), max(LESSONS)),
              help="Only submissions for this lesson.")  # fmt: skip
@click.option(
    "--jobs", type=Whole(min=1), help="Submissions at a time  [default: the number of cores]"
)
@click.option("--csv", "table_file", type=click.Path(path_type=Path), default="grades.csv",
              show_default=True, help="Write the points here, for a spreadsheet.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(path_type=Path),
              help="Also write the points here, for a program.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default="graded", show_default=True,
              help="Write the pages and the files for learning platforms here.")  # fmt: skip
@click.option("--roster", type=click.Path(path_type=Path),
              help="Who is in the class: a CSV of Moodle, Canvas or Gradescope.")  # fmt: skip
@click.option("--trust", is_flag=True, help="Grade without a sandbox. You have read every file.")
def grade(
    folder: Path,
    backend: str,
    lesson: int | None,
    jobs: int | None,
    table_file: Path,
    json_file: Path | None,
    out: Path,
    roster: Path | None,
    trust: bool,
) -> None:
    """Grade every submission in FOLDER: a file, or a folder of files, for each student."""
    files = [file.absolute() for file in (table_file, json_file) if file is not None]
    for file in files:
        check_place(file)
    check_folder(out)
    people = read_roster(roster) if roster is not None else []
    require_installed(backend)
    ours = frozenset([*files, out.absolute(), *([roster.absolute()] if roster else [])])
    submissions = in_the_only_lesson(find_submissions(folder, lesson, ours), lesson)
    launcher: Launcher = UNCONFINED
    if trust:
        click.echo(WITHOUT_SANDBOX, err=True)
    else:
        launcher = sandbox = verified_sandbox()
        click.echo(protection(sandbox), err=True)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
    # More threads than submissions would only wait.
    at_once = min(jobs or _default_jobs(), len(submissions))

    def save(lines: Sequence[Line]) -> None:
        write_whole(table_file, as_csv(lines).encode("utf-8-sig"))  # else Excel misreads every é
        if json_file is not None:
            write_whole(json_file, as_json(lines).encode())

    lines, interrupted = _grade_all(submissions, launcher, Settings(backend=backend), at_once, save)
    save(lines)
    of = matched([line.student for line in lines], people) if people else Class({})
    write_exports(lines, of, out)
    overview = write_pages(lines, of, backend, out)
    _show(lines, of)
    console.print(f"written: {', '.join(str(file) for file in files)}")
    console.print(f"to look at, to hand back and to import: {overview}", markup=False)
    if interrupted:
        click.echo("interrupted: the results so far are kept", err=True)
        click.get_current_context().exit(INTERRUPTED)


def _grade_all(
    submissions: Sequence[Submission], launcher: Launcher, settings: Settings, jobs: int,
    save: Callable[[Sequence[Line]], None],
) -> tuple[list[Line], bool]:  # fmt: skip
    """One line per submission, in their order, and whether Ctrl-C came before the end.

    save: called with all lines after each submission, so that no result is lost in a crash.
    """
    done: dict[int, Line] = {}
    interrupted = False

    def so_far() -> list[Line]:
        return [
            done.get(i, Line(each.student, each.file, each.lesson, "not graded", "interrupted"))
            for i, each in enumerate(submissions)
        ]

    with (
        Grading(submissions, launcher, settings, jobs) as grading,
        _progress(len(submissions)) as step,
    ):
        try:
            for i, line in grading.lines():
                done[i] = line
                save(so_far())
                step(line)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must lose nothing
            interrupted = True
    return so_far(), interrupted


@contextmanager
def _progress(total: int) -> Iterator[Step]:
    """A progress bar on a terminal; elsewhere a line for each tenth."""
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


def _show(lines: Sequence[Line], of: Class) -> None:
    """Print the points of every student, and the exercises that were hardest for the class."""
    rows = [
        [escape(line.student), line.lesson or "?",
         f"{format_points(line.points)}/{format_points(line.out_of)}", line.status,
         escape(line.reason)]
        for line in lines
    ]  # fmt: skip
    table("Points", ["student", "lesson", "points", "status", "reason"], rows)
    statistics = summary(lines)
    counts = [f"{statistics.counts[name]} {name}" for name in STATUSES if statistics.counts[name]]
    console.print(f"{statistics.submissions} submissions: {', '.join(counts)}")
    if statistics.mean is not None:
        failed = statistics.counts["failed"]
        included = f"; the {failed} that failed count as 0" if failed else ""
        console.print(
            f"mean {statistics.mean:.0f} %, median {statistics.median:.0f} % "
            f"of the points{included}"
        )
    hard = [f"{each.column} ({each.share:.0%})" for each in statistics.hardest if each.share < 1][
        :HARDEST
    ]
    if hard:
        console.print(f"hardest for the class: {', '.join(hard)}", markup=False)
    if of.absent:
        absent = ", ".join(person.name for person in of.absent)
        console.print(f"handed in nothing: {absent}", markup=False)
    if of.strangers:
        console.print(
            f"not on the roster, or twice, so in no file for a platform: {', '.join(of.strangers)}",
            markup=False,
        )


def _default_jobs() -> int:
    """The number of cores that this process may use, or fewer if memory is short."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(cores, machine_memory() // MEMORY_OF_ONE))


if __name__ == "__main__":
    run(grade, "python -m classroom.grade")

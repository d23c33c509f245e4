"""Printing of a lesson: warnings, short tables and progress, readable on a projector."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from course import notebook
from course.plotting.style import in_notebook

IN_NOTEBOOK = in_notebook()
# In a notebook as in a terminal, because rich would make an HTML block of every line.
console = Console(
    highlight=False,
    soft_wrap=True,
    force_jupyter=False,
    force_terminal=True if IN_NOTEBOOK else None,
    color_system="standard" if IN_NOTEBOOK else "auto",
    width=110 if IN_NOTEBOOK else None,
)


_warned: set[str] = set()


def warn(lines: Iterable[str], to_stdout: bool = False) -> None:
    """Print warnings to standard error, each once per process.

    to_stdout: for a worker, whose standard error is reserved for the error that ends it.
    """
    for line in lines:
        if line not in _warned:
            _warned.add(line)
            click.echo(f"warning: {line}", err=not to_stdout)


@contextmanager
def silent() -> Iterator[None]:
    """Print nothing of a lesson that runs for another purpose, except its warnings."""
    console.quiet = True
    try:
        with redirect_stdout(StringIO()):
            yield
    finally:
        console.quiet = False


@contextmanager
def progress(name: str, total: int, unit: str = "epochs") -> Iterator[notebook.Report]:
    """A progress bar in a terminal or notebook; elsewhere a line after each quarter."""
    start = time.perf_counter()
    if IN_NOTEBOOK:
        yield notebook.bar(name, total, unit)
        return
    if console.is_terminal:
        columns = (
            TextColumn(f"{name:>12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(unit + "  {task.fields[loss]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(name, total=total, loss="")
            yield lambda done, loss: bar.update(task, completed=done, loss=f"loss {loss:.4f}")
        return
    shown = 0

    def line(done: int, loss: float) -> None:
        nonlocal shown
        if 4 * done // total > shown:
            shown = 4 * done // total
            seconds = time.perf_counter() - start
            console.print(f"{name:>12}  {done}/{total} {unit}  loss {loss:.4f}  {seconds:.1f} s")

    yield line


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a short table; cells are printed as given, numbers aligned to the right."""
    drawn = Table(title=title, title_justify="left", title_style="bold")
    for i, name in enumerate(header):
        drawn.add_column(name, justify="left" if i == 0 else "right")
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    if IN_NOTEBOOK:
        with console.capture() as captured:
            console.print(drawn)
        notebook.table(title, header, rows, captured.get())
    else:
        console.print(drawn)

"""Show a comparison in the terminal: progress while it runs, and one table at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from compare.backends import shares_kernels
from compare.comparison import STAGES, Comparison, Finding, Noise, Outcome
from compare.event_loop import ShowProgress
from compare.process_pool import Task
from compare.summary import complaints

WIDTH = 130  # of the table where the terminal's width is unknown
SHORT = {"initial weights": "initial\nweights", "batch order": "batch\norder"}
STATE_STYLES = {
    "waiting": "[dim]waiting[/]",
    "running": "running",
    "done": "[green]done[/]",
    "failed": "[red]failed[/]",
}


def console() -> Console:
    """A console as wide as the terminal; without a terminal, wide enough for the table."""
    terminal = Console(highlight=False)
    return terminal if terminal.is_terminal else Console(highlight=False, width=WIDTH)


@contextmanager
def progress(screen: Console, title: str) -> Iterator[ShowProgress]:
    """A live table on a terminal; elsewhere a line whenever a task starts or ends."""
    if screen.is_terminal:
        with Live(console=screen, auto_refresh=False, transient=True) as live:
            yield lambda tasks: live.update(_progress_table(title, tasks), refresh=True)
        return
    printed: dict[Task, tuple[str, int]] = {}
    screen.print(title, markup=False)

    def lines(tasks: Sequence[Task]) -> None:
        for task in tasks:
            status = (task.state, task.tries)
            if status != printed.get(task, ("waiting", 1)):
                printed[task] = status
                duration = f" after {task.seconds:.1f} s" if task.finished else ""
                reason = f": {task.reason}" if task.reason else ""
                again = " again" if task.tries > 1 and not task.finished else ""
                line = f"  {task.label or task.name}: {task.state}{again}{duration}{reason}"
                screen.print(line, markup=False, soft_wrap=True)

    yield lines


def _progress_table(title: str, tasks: Sequence[Task]) -> Table:
    table = Table(title=escape(title), title_justify="left", title_style="bold", expand=True)
    table.add_column("backend", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("seconds", justify="right")
    table.add_column("last line", no_wrap=True, ratio=1)
    for task in tasks:
        seconds = f"{task.seconds:.1f}" if task.started else ""
        last = task.reason or ("" if task.finished else task.line)
        state = STATE_STYLES[task.state]
        table.add_row(escape(task.label or task.name), state, seconds, escape(last))
    return table


def show(screen: Console, comparison: Comparison, rows: str = "backend") -> None:
    """Print the table of stages, the notes below it, and a line for each that is over."""
    screen.print(_table(comparison, rows))
    notes: dict[str, list[str]] = {}
    for outcome in comparison.outcomes:
        for note in outcome.notes:
            notes.setdefault(note, []).append(outcome.backend)
    judged = [o for o in comparison.outcomes if o.findings]
    for note, backends in notes.items():
        who = "" if len(backends) == len(judged) > 1 else f"{', '.join(backends)}: "
        screen.print(f"note: {who}{note}", markup=False, soft_wrap=True)
    if comparison.noise:
        screen.print(_noise_table(comparison))
    for line in complaints(comparison):
        screen.print(f"over: {line}", style="bold red", markup=False, soft_wrap=True)


def _table(comparison: Comparison, rows: str) -> Table:
    c = comparison
    title = f"Lesson {c.lesson}, {c.dtype}, seed {c.seed}: the gap to {c.reference}, and its budget"
    table = Table(title=escape(title), title_justify="left", title_style="bold")
    table.add_column(rows)
    for stage in STAGES:
        table.add_column(SHORT.get(stage, stage), justify="right", no_wrap=True)
    for o in comparison.outcomes:
        name = escape(o.backend)
        shared = shares_kernels(o.backend)
        if shared:
            name += f"\n[dim]kernels: {shared}[/]"
        table.add_row(name, *_cells(o, o.backend == c.reference))
    return table


def _cells(outcome: Outcome, is_reference: bool) -> Iterator[str]:
    """The cells of a row: numbers, or why there are none."""
    if outcome.status == "failed":
        yield "[bold red]failed[/]"
    elif outcome.status == "not run":
        yield "[dim]not run[/]"
    elif is_reference:
        yield "[dim]reference[/]"
    else:
        yield from (_cell(outcome.worst(stage)) for stage in STAGES)


def _cell(finding: Finding | None) -> str:
    if finding is None:
        return "[dim]–[/]"
    if finding.gap == 0:
        return "same"
    text = f"{_short(finding.gap)}\n{'≤' if finding.holds else '>'} {_short(finding.budget)}"
    return text if finding.holds else f"[bold red]{text}[/]"


def _short(value: float) -> str:
    return f"{value:.0f}" if value == round(value, 0) and value < 1e4 else f"{value:.0e}"


def _noise_table(comparison: Comparison) -> Table:
    title = "Compared with gaps that do not matter"
    table = Table(title=title, title_justify="left", title_style="bold")
    for i, name in enumerate(("between", "losses", "final weights", "accuracy")):
        table.add_column(name, justify="right" if i else "left")
    rows: list[Noise] = comparison.noise + ([comparison.largest] if comparison.largest else [])
    for noise in rows:
        accuracy = "" if noise.accuracy is None else f"{noise.accuracy:.2%}"
        cells = (f"{noise.losses:.1e}", f"{noise.weights:.1e}", accuracy)
        table.add_row(escape(noise.what), *cells)
    return table

"""The result in a terminal: the stages, then each cause with its places and its edit."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from triptych.port.report.text import lines
from triptych.port.result import Result


def show(result: Result, console: Console) -> None:
    """Print a result."""
    console.print(stages(result))
    for note in result.notes:
        console.print(f"note: {escape(note)}", highlight=False)
    for i, cause in enumerate(result.causes, 1):
        first, *rest = lines(i, cause)
        console.print(f"[bold]{escape(first)}[/bold]", highlight=False)
        for line in rest:
            console.print(escape(line), highlight=False)
    for kind, names in (("unmapped", result.unmapped), ("ambiguous", result.ambiguous)):
        for name in names:
            console.print(f"[bold]{kind}[/bold]: {escape(name)}", highlight=False)
    console.print(f"[bold]{escape(result.verdict)}[/bold]", highlight=False)


def stages(result: Result) -> Table:
    """One row a stage."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for stage in result.stages:
        mark = {True: "[green]ok[/green]", False: "[red]differs[/red]", None: "not run"}[stage.ok]
        table.add_row(stage.name, mark, escape(stage.text))
    return table

"""Print the ledger: a table of states, releases across, and a sentence for each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from triptych.differences.entry import Entry
from triptych.ledger.changes import Change, History
from triptych.ledger.quantities import MEANINGS, NEWS, SIGNS, State
from triptych.ledger.rows import Row

COLOURS: dict[State, str] = {
    "first": "dim", "same": "green", "within": "cyan", "changed": "bold yellow",
    "broken": "bold red", "works": "bold blue", "absent": "dim",
}  # fmt: skip
NAMES = 36  # columns of a terminal for the names of quantities
Line = tuple[str, str]  # the kind and the line of a quantity


def overview(screen: Console, rows: Mapping[str, Sequence[Row]]) -> None:
    """Print which releases the ledger has."""
    table = Table(
        "backend", "rows", "releases", title="The ledger of releases", title_justify="left"
    )
    for backend, of_backend in rows.items():
        table.add_row(backend, str(len(of_backend)), ", ".join(row.version for row in of_backend))
    screen.print(table)
    screen.print("`triptych ledger keras` shows one backend, `triptych ledger keras adam` what it "
                 "says about Adam", markup=False)  # fmt: skip


def show(
    screen: Console, found: History, lines: Sequence[Line], entries: Mapping[str, Entry],
    complete: bool,
) -> None:  # fmt: skip
    """Print some lines of a history, and the changes that are about them.

    complete: also the lines in which nothing ever changed.
    """
    moved = [line for line in lines if complete or set(found.states[line]) & {*NEWS, "within"}]
    if moved:
        screen.print(table(found, moved, screen.width))
        screen.print(legend())
    quiet = [line for line in lines if line not in moved]
    changes = of_lines(found.changes, lines)
    for change in changes:
        screen.print(sentence(change, entries))
    first, last = found.rows[0].version, found.rows[-1].version
    if quiet:
        screen.print(f"{len(quiet)} more lines: the same bits or values in every release from "
                     f"{first} to {last} (--all lists them)", markup=False)  # fmt: skip


def table(found: History, lines: Sequence[Line], width: int) -> Table:
    """The signs: quantities down, releases across, the newest that fit."""
    fitting = max(1, (width - NAMES - 4) // 9)
    rows = found.rows[-fitting:]
    backend = rows[0].backend
    title = backend if len(rows) == len(found.rows) else f"{backend}, the newest {len(rows)}"
    result = Table(title=title, title_justify="left", title_style="bold")
    result.add_column("", max_width=NAMES, no_wrap=True)
    for row in rows:
        result.add_column(f"{row.version}\n{row.released[:7]}", justify="center", no_wrap=True)
    for line in lines:
        cells = [Text(SIGNS[one], COLOURS[one]) for one in found.states[line][-fitting:]]
        result.add_row(escape(name(line)), *cells)
    return result


def name(line: Line) -> str:
    """The name of a line, which says of what kind it is."""
    kind, key = line
    return f"default {key}" if kind == "default" else key


def legend() -> Text:
    """Every sign with its meaning."""
    parts = [
        part
        for state, sign in SIGNS.items()
        for part in ((f"{sign} ", COLOURS[state]), (f"{MEANINGS[state]}   ", "dim"))
    ]
    return Text.assemble(*parts)


def sentence(change: Change, entries: Mapping[str, Entry]) -> Text:
    """A change as a dated sentence, with its sign and its cause."""
    return Text.assemble(
        (f"{SIGNS[change.state]} ", COLOURS[change.state]),
        f"{change.sentence(entries)}. ",
        (f"Cause: {change.cause}", "dim"),
    )


def of_lines(changes: Sequence[Change], lines: Sequence[Line]) -> list[Change]:
    """The changes that are about some of these lines."""
    wanted = set(lines)
    return [change for change in changes if wanted & {(one.kind, one.line) for one in change.keys}]

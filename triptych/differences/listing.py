"""Print the catalogue: a table of entries, or one entry in full."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from triptych.differences.entry import Entry
from triptych.differences.values import format_value

SIGNS = {"difference": "≠", "agreement": "="}
WIDTH = 130  # of a table where the terminal's width is unknown


def console() -> Console:
    """A console as wide as the terminal; without a terminal, wide enough for the table."""
    terminal = Console(highlight=False)
    return terminal if terminal.is_terminal else Console(highlight=False, width=WIDTH)


def table(screen: Console, entries: Sequence[Entry], is_ranked: bool = False) -> None:
    """Print the entries by topic: name, title, and the value of each framework.

    is_ranked: in the order given, as what answers a search.
    """
    for topic, group in groupby(entries, key=lambda e: "best first" if is_ranked else e.topic):
        rows = Table(title=topic, title_justify="left", title_style="bold", expand=True)
        rows.add_column("", no_wrap=True)
        rows.add_column("name", no_wrap=True)
        rows.add_column("title", ratio=3)
        rows.add_column("by default", ratio=4)
        for entry in group:
            values = "; ".join(f"{backends}: {value}" for backends, value in entry.values())
            cells = (SIGNS[entry.kind], entry.name, entry.title, values)
            rows.add_row(*map(escape, cells))
        screen.print(rows)
    differ = sum(entry.kind == "difference" for entry in entries)
    screen.print(f"{differ} differences (≠) and {len(entries) - differ} agreements (=)")


def full(screen: Console, entry: Entry) -> None:
    """Print everything about an entry, and its code."""
    screen.print(f"[bold]{escape(entry.title)}[/]  ({entry.topic}/{entry.name}, {entry.kind})")
    paragraphs = {
        "summary": entry.summary, "symptoms": entry.symptoms, "matters": entry.matters,
        "remedy": entry.remedy,
    }  # fmt: skip
    for name, text in paragraphs.items():
        if text:
            screen.print(Padding(Text.assemble((f"{name}  ", "bold"), text), (1, 0, 0, 0)))
    screen.print("\n[bold]observed[/]")
    for backend, value in entry.observed.items():
        screen.print(f"  {backend:<12} {format_value(value)}", markup=False)
    for framework, snippet in entry.snippets.items():
        needs = f"  (pip install {' '.join(snippet.optional)})" if snippet.optional else ""
        screen.print(f"\n[bold]{framework}[/]{needs}")
        code = Syntax(snippet.text, "python", theme="ansi_dark", word_wrap=True)
        screen.print(Padding(code, (0, 2)))
    screen.print("\n[bold]sources[/]")
    for source in entry.sources:
        screen.print(f"  {source}", markup=False, soft_wrap=True)
    lessons = ", ".join(map(str, entry.lessons)) or "none"
    screen.print(f"\n[bold]lessons[/] in which it can occur: {lessons}")

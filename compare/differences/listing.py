"""What the catalogue looks like in a terminal: a table of all entries, or one entry in full."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from compare.differences.entry import Entry
from compare.differences.values import show

KINDS = {"difference": "≠", "agreement": "="}


def table(screen: Console, entries: Sequence[Entry]) -> None:
    """The entries by topic: name, title, what each framework gives."""
    for topic, group in groupby(entries, key=lambda entry: entry.topic):
        drawn = Table(title=topic, title_justify="left", title_style="bold", expand=True)
        drawn.add_column("", no_wrap=True)
        drawn.add_column("name", no_wrap=True)
        drawn.add_column("title", ratio=3)
        drawn.add_column("when you say nothing", ratio=4)
        for entry in group:
            values = "; ".join(f"{who}: {value}" for who, value in entry.values())
            row = (KINDS[entry.kind], entry.name, entry.title, values)
            drawn.add_row(*map(escape, row))
        screen.print(drawn)
    differ = sum(entry.kind == "difference" for entry in entries)
    words = f"{differ} differences (≠) and {len(entries) - differ} agreements (=)"
    screen.print(f"{words}; `make differences NAME={entries[0].name}` tells one in full")


def full(screen: Console, entry: Entry) -> None:
    """All that there is to say of an entry, and the code that shows it."""
    screen.print(f"[bold]{escape(entry.title)}[/]  ({entry.topic}/{entry.name}, {entry.kind})")
    paragraphs = {"says": entry.says, "matters": entry.matters, "remedy": entry.remedy}
    for name, text in paragraphs.items():
        if text:
            screen.print(Padding(Text.assemble((f"{name}  ", "bold"), text), (1, 0, 0, 0)))
    screen.print("\n[bold]observed[/]")
    for engine, value in entry.observed.items():
        screen.print(f"  {engine:<12} {show(value)}", markup=False)
    for file in entry.snippets.values():
        screen.print(f"\n[bold]{file.name}[/]")
        code = file.read_text(encoding="utf-8").rstrip()
        screen.print(Padding(Syntax(code, "python", theme="ansi_dark", word_wrap=True), (0, 2)))
    screen.print("\n[bold]sources[/]")
    for source in entry.sources:
        screen.print(f"  {source}", markup=False, soft_wrap=True)
    lessons = ", ".join(map(str, entry.lessons)) or "none"
    screen.print(f"\n[bold]lessons[/] in which it can occur: {lessons}")

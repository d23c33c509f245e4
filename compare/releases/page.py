"""The ledger as one HTML file that needs no network: `make ledger PAGE=ledger.html`.

It uses the style sheet of the comparison page and a few rules of its own. The page contains
everything; the script only hides what the words in the search field do not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from compare.page import HERE as SIDE_BY_SIDE
from compare.page import template
from compare.page.formatting import prose
from triptych.differences.entry import TITLES, Entry
from triptych.differences.reading import read_all as read_entries
from triptych.ledger.causes import read_causes
from triptych.ledger.changes import Change, History, history
from triptych.ledger.command import text
from triptych.ledger.listing import Line, name
from triptych.ledger.quantities import MEANINGS, NEWS, SIGNS, State
from triptych.ledger.rows import by_backend, read_all

HERE = Path(__file__).parent
MOST = 60  # characters of a value in a table of values that never changed
GROUPS = {"stage": "Stages of the lessons", "entry": "Entries of the catalogue",
          "default": "Defaults of the adapter"}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One release's cell: a sign, its state, and the value as a tooltip."""

    state: State
    title: str

    @property
    def sign(self) -> str:
        """The sign of its state."""
        return SIGNS[self.state]


@dataclass(frozen=True)
class Section:
    """A backend on the page."""

    backend: str
    found: History
    entries: Mapping[str, Entry]

    @property
    def title(self) -> str:
        """Such as Keras, or Keras on torch."""
        framework, _, rest = self.backend.partition("-")
        return TITLES[framework] + (f" on {rest}" if rest else "")

    @property
    def changes(self) -> list[Change]:
        """The newest first."""
        return self.found.changes[::-1]

    def moved(self) -> list[tuple[str, list[tuple[Line, list[Cell]]]]]:
        """By group: the lines in which something changed, with their cells."""
        return [
            (title, [(line, self.cells(line)) for line in lines])
            for title, lines in self.groups(is_moved=True)
        ]

    def quiet(self) -> list[tuple[str, list[tuple[Line, str]]]]:
        """By group: the lines in which nothing ever changed, with their value."""
        return [
            (title, [(line, short(self.found.values[line][-1])) for line in lines])
            for title, lines in self.groups(is_moved=False)
        ]

    def groups(self, is_moved: bool) -> list[tuple[str, list[Line]]]:
        """The lines of each group in which something changed, or in which nothing did."""
        groups = {
            title: [
                line
                for line in self.found.states
                if line[0] == kind and self.is_moved(line) == is_moved
            ]
            for kind, title in GROUPS.items()
        }
        return [(title, lines) for title, lines in groups.items() if lines]

    def is_moved(self, line: Line) -> bool:
        """Whether any release changed this line, even within the budget."""
        return bool(set(self.found.states[line]) & {*NEWS, "within"})

    def cells(self, line: Line) -> list[Cell]:
        """The cells of a line."""
        values = self.found.values[line]
        return [
            Cell(state, f"{row.version}: {MEANINGS[state]}; {short(value)}".rstrip("; "))
            for row, state, value in zip(
                self.found.rows, self.found.states[line], values, strict=True
            )
        ]

    def words(self, line: Line) -> str:
        """What the search looks for in a line."""
        return f"{self.backend} {text(line, self.entries)}"


def short(value: str) -> str:
    """A value, cut where it is long."""
    return value if len(value) <= MOST else f"{value[: MOST - 1]}…"


def write(home: Path, file: Path) -> Path:
    """Write the page of the rows in a folder; returns the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(home), encoding="utf-8")
    return file


def page(home: Path) -> str:
    """The page's HTML."""
    entries = {entry.name: entry for entry in read_entries()}
    causes = read_causes(home)
    groups = by_backend(read_all(home))
    sections = [
        Section(backend, history(rows, entries, causes), entries)
        for backend, rows in groups.items()
    ]
    return template(HERE / "page.html", cause=cause).render(
        sections=sections, entries=entries, name=name, signs=SIGNS, meanings=MEANINGS,
        rows=sum(len(rows) for rows in groups.values()),
        css=(SIDE_BY_SIDE / "page.css").read_text("utf-8") + (HERE / "page.css").read_text("utf-8"),
        js=(HERE / "page.js").read_text(encoding="utf-8"),
    )  # fmt: skip


def cause(change: Change) -> Markup:
    """The cause of a change as HTML, with its link."""
    one = change.cause
    words = prose(one.cause.rstrip("."))
    if one.verified:
        words += Markup(" (verified: {})").format(prose(one.verified))
    if one.link.startswith("https://"):
        words += Markup(' <a href="{}">source</a>').format(one.link)
    return words

"""Tables as CSV that every spreadsheet reads as text and numbers, and none as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from classroom.scores import format_points

# A spreadsheet takes a cell that begins with one of these for a formula, which may run a program;
# the last four are the full-width forms, which some take for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | float | int | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV, in UTF-8 without a mark in front. None is an empty cell.

    Every cell is quoted: a program that expects semicolons between cells would else take the part
    of a name behind one for a cell of its own.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in [header, *rows]:
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue()


def safe(text: str) -> str:
    """Text for a cell: one line; an apostrophe in front of a formula makes it plain text."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) or text.startswith(FORMULA) else line


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else format_points(cell)

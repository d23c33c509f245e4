"""Tables as CSV that every spreadsheet reads as text and numbers, and none as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from classroom.scores import format_points

# A spreadsheet takes a cell that begins with one of these for a formula, which may run a program;
# the last four are the full-width forms, which some take for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BEHIND = re.compile(rf"(;\s*)(?=[{re.escape(''.join(FORMULA))}])")

Cell = str | float | int | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV, without formulas. None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in [header, *rows]:
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue()


def safe(text: str) -> str:
    """Text for a cell: one line; an apostrophe in front of a formula makes it plain text.

    Also within the text: where a system's separator is the semicolon, a cell begins behind one.
    """
    line = BEHIND.sub(r"\1'", " ".join(text.split()))
    return f"'{line}" if line.startswith(FORMULA) or text.startswith(FORMULA) else line


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else format_points(cell)

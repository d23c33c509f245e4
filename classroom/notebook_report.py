"""The answer of the cell `check(3)`: points, hints, and what remains, as text and as HTML."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from html import escape

from classroom.scores import Scored, format_points

WIDTH = 88  # characters of a line of the text
INDENT = " " * 8


@dataclass(frozen=True)
class Report:
    """The result of some exercises, by their numbers, and how far the notebook is.

    points: earned so far in all exercises that were checked; still_open: numbers of exercises.
    """

    exercises: tuple[tuple[int, Scored], ...]
    points: float
    out_of: float
    still_open: tuple[int, ...]

    def __repr__(self) -> str:
        lines = []
        for number, scored in self.exercises:
            lines.append(_title(number, scored))
            if scored.hint:
                lines.append(textwrap.fill(scored.hint, WIDTH, initial_indent=INDENT,
                                           subsequent_indent=INDENT))  # fmt: skip
            if scored.excerpt:
                lines.append(textwrap.indent(scored.excerpt, INDENT))
        return "\n".join([*lines, self._total()])

    def _repr_html_(self) -> str:
        """What JupyterLab and Colab show."""
        parts = []
        for number, scored in self.exercises:
            hint = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(scored.hint))
            code = f"<pre>{escape(scored.excerpt)}</pre>" if scored.excerpt else ""
            text = f"<br>{hint}" if hint else ""
            parts.append(f"<p><strong>{escape(_title(number, scored))}</strong>{text}</p>{code}")
        return f"<div>{''.join(parts)}<p>{escape(self._total())}</p></div>"

    def _total(self) -> str:
        total = f"{format_points(self.points)} of {format_points(self.out_of)} points"
        if not self.still_open:
            return f"{total}: well done!"
        return f"{total} so far; still open: {', '.join(map(str, self.still_open))}"


def _title(number: int, scored: Scored) -> str:
    mark = "✓" if scored.points == scored.out_of else "✗"
    points = f"{format_points(scored.points)}/{format_points(scored.out_of)}"
    return f"{mark} {points}  {number} · {scored.title}"

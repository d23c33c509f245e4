"""What a notebook shows in a terminal's place: a bar that is one line, and a table that is a table.

rich draws both with characters, and its bar is a widget that a saved notebook no longer shows.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.console import Report

SECONDS_BETWEEN = 0.1  # two updates of a bar: more often nobody sees
MANY = 1e4  # from here on a loss that flies out is told by its power of ten


def bar(name: str, total: int, unit: str) -> Report:
    """A bar under the cell, and what moves it."""
    from IPython.display import display

    start = shown = time.perf_counter()
    # No plain text: what lasts of a training run is what the lesson says of it.
    handle: Any = display(_html(_bar(name, 0, total, unit)), raw=True, display_id=True)

    def move(done: int, loss: float) -> None:
        nonlocal shown
        now = time.perf_counter()
        if done == total or now - shown > SECONDS_BETWEEN:
            shown = now
            figure = f"{loss:.4f}" if loss < MANY else f"{loss:.1e}"
            end = f"loss {figure} · {now - start:.1f} s"
            handle.update(_html(_bar(name, done, total, unit, end)), raw=True)

    return move


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]], drawn: str) -> None:
    """A table that a screen reader can walk through; drawn: the same in characters."""
    from IPython.display import display

    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    caption = f'<caption style="text-align: left; font-weight: bold">{escape(title)}</caption>'
    html = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    display({"text/plain": drawn, "text/html": html}, raw=True)


def _bar(name: str, done: int, total: int, unit: str, end: str = "") -> str:
    progress = f'<progress value="{done}" max="{total}" aria-label="{escape(name)}"></progress>'
    return f"<code>{escape(name)}</code> {progress} {done}/{total} {escape(unit)} {end}"


def _html(text: str) -> dict[str, str]:
    return {"text/plain": "", "text/html": text}

"""Progress bars and tables for notebooks, as HTML.

rich draws both with characters, and its bar is a widget that a saved notebook no longer shows.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape
from typing import Any, Protocol

SECONDS_BETWEEN = 0.1  # between two updates of a bar
MANY = 1e4  # a larger loss is shown with its power of ten


class Report(Protocol):
    """Reports the progress of a long computation: finished epochs, and the last loss."""

    def __call__(self, done: int, loss: float) -> None: ...


def bar(name: str, total: int, unit: str) -> Report:
    """Show a progress bar under the cell; return the function that updates it."""
    from IPython.display import display

    start = last_update = time.perf_counter()
    # Without plain text: the lesson itself reports what should last of a training run.
    handle: Any = display(_html(_bar(name, 0, total, unit)), raw=True, display_id=True)

    def move(done: int, loss: float) -> None:
        nonlocal last_update
        now = time.perf_counter()
        if done == total or now - last_update > SECONDS_BETWEEN:
            last_update = now
            figure = f"{loss:.4f}" if loss < MANY else f"{loss:.1e}"
            end = f"loss {figure} · {now - start:.1f} s"
            handle.update(_html(_bar(name, done, total, unit, end)), raw=True)

    return move


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]], drawn: str) -> None:
    """Show a table that a screen reader can read. drawn: the same table in characters."""
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

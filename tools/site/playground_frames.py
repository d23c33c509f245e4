"""The playground on the site, and its pieces in the pages of the lessons that they belong to."""

from __future__ import annotations

from html import escape
from pathlib import Path

from tools.playground.build import playground

FILE = "playground.html"
# A heading in a lesson's text: the piece that follows the text, and what it shows.
PIECES = {
    "## First job: points in the plane": (
        "perceptron", "One neuron in the plane: click points, and watch the line turn",
    ),
    "## What is wrong with ±": ("radio", "The radio: turn two knobs by ear, by ± or by the slope"),
    "## The learning rate": ("slope", "The ski slope: a learning rate too low, right, too high"),
    "## Training": ("softmax", "A small picture: draw it, and see scores and shares"),
    "## Stack them": ("network", "A network to draw, which learns points in the plane"),
}  # fmt: skip


def write(extra: Path) -> None:
    """Put the playground beside the site's own pages."""
    (extra / FILE).write_text(playground(), encoding="utf-8")


def frame_after(source: str, lesson: str) -> str | None:
    """The frame with the piece that belongs below a lesson's text, if there is one.

    lesson: the path from the lesson's page to the root of the site, as "..".
    """
    heading = next((line for line in source.splitlines() if line in PIECES), None)
    if heading is None:
        return None
    piece, title = PIECES[heading]
    return (
        f'<iframe class="playground" src="{lesson}/{FILE}#{piece}&amp;embed" '
        f'title="{escape(title)}" loading="lazy"></iframe>\n'
        f'<p class="playground-link"><a href="{lesson}/{FILE}#{piece}">{escape(title)}</a></p>'
    )

"""The lesson's own code, from its py:percent file: code in the open, prose folded under its title.

The code is the same for every backend, which is the point: no line of it names a framework.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from compare.page.highlight import lines
from course.lessons import LESSONS
from course.settings import ROOT

# In this order: a name in backquotes may contain a star.
MARKS = (
    (r"`([^`]+)`", r"<code>\1</code>"),
    (r"\*\*(.+?)\*\*", r"<strong>\1</strong>"),
    (r"(?<![\w*])\*([^\s*][^*]*)\*(?![\w*])", r"<em>\1</em>"),
)
FOLD = ("<details>", "</details>")  # each is the first line of its block


@dataclass(frozen=True)
class Cell:
    """A cell of the lesson: code, or prose with a title."""

    title: str
    prose: str  # HTML
    code: str  # HTML


def read_cells(lesson: int) -> list[Cell]:
    """The cells of a lesson in their order."""
    text = (ROOT / "lessons" / LESSONS[lesson].file).read_text(encoding="utf-8")
    return list(_cells(text))


def _cells(text: str) -> Iterator[Cell]:
    for part in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            yield _prose([line.removeprefix("#").removeprefix(" ") for line in body.splitlines()])
        else:
            yield Cell("", "", "".join(lines(body.strip("\n"))))


def paragraphs(text: str) -> str:
    """Plain text with a little Markdown as HTML paragraphs; lines of a paragraph are joined."""
    blocks = re.split(r"\n\n+", text.strip())
    return "".join(_block(block) for block in blocks if block)


def _block(block: str) -> str:
    """A paragraph, or a tag of a fold with the line that opens it."""
    if not block.startswith(FOLD):
        return f"<p>{marked(block)}</p>"
    tags = [line if line.startswith("<") else marked(line) for line in block.splitlines()]
    return " ".join(tags)


def _prose(text: list[str]) -> Cell:
    title = next((line.lstrip("# ") for line in text if line.startswith("#")), "")
    rest = "\n".join(line for line in text if not line.startswith("# ")).strip()
    return Cell(title or _opening(rest), paragraphs(rest), "")


def marked(block: str) -> str:
    """Markdown's code and emphasis as HTML; lists and quotes keep their lines."""
    text = escape(block.lstrip("#").strip(), quote=False)
    html = re.sub(r"\n(?! *(?:[-*>|]|\d+\.))", " ", text)
    for mark, tag in MARKS:
        html = re.sub(mark, tag, html)
    return html


def _opening(text: str) -> str:
    """The first words of a prose cell that has no heading."""
    words = re.sub(r"[*`>_]", "", text).split()
    return " ".join(words[:9]) + (" …" if len(words) > 9 else "")

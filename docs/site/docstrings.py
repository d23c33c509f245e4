"""Our docstrings as reStructuredText, which they are nearly: equations have to keep their lines."""

from __future__ import annotations

import re
from typing import Any

# Lines that are set, not prose: an arrow of an update, or columns.
SET = re.compile(r"←|\S {3,}\S")

STARTS_ANEW = ("Raises ", "Returns ")


def process(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Make a block of every paragraph that has columns or equations in it."""
    lines[:] = blocks(lines)


def blocks(lines: list[str]) -> list[str]:
    """The same lines, with such paragraphs as literal blocks."""
    done: list[str] = []
    for paragraph in "\n".join(lines).split("\n\n"):
        own = paragraph.split("\n")
        if any(SET.search(line) for line in own) or own[0].startswith("    "):
            done += [".. code-block:: none", "", *(f"    {line}" for line in own), ""]
        else:
            for line in own:
                done += ["", line] if line.startswith(STARTS_ANEW) else [line]
            done.append("")
    return done

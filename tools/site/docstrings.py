"""Docstrings as reStructuredText: equations and columns become literal blocks."""

from __future__ import annotations

import re
from typing import Any

# Lines that are not prose: an update with an arrow, or columns.
LITERAL = re.compile(r"←|\S {3,}\S")

STARTS_ANEW = ("Raises ", "Returns ")


def process(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Turn each paragraph with columns or equations into a literal block."""
    lines[:] = blocks(lines)


def blocks(lines: list[str]) -> list[str]:
    """The same lines, with such paragraphs as literal blocks."""
    done: list[str] = []
    for paragraph in "\n".join(lines).split("\n\n"):
        own = paragraph.split("\n")
        if any(LITERAL.search(line) for line in own) or own[0].startswith("    "):
            done += [".. code-block:: none", "", *(f"    {line}" for line in own), ""]
        else:
            for line in own:
                done += ["", line] if line.startswith(STARTS_ANEW) else [line]
            done.append("")
    return done

"""Make the student version of a solution: remove the text between two markers.

    ### BEGIN SOLUTION
    price = sum(x * w)
    ### STUDENT: price = ...  # a hint may stand here
    ### END SOLUTION

leaves `price = ...`; without a STUDENT line it leaves `...`, and with an empty one nothing. The
markers BEGIN and END are those of nbgrader, which teachers may know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import TriptychError

BEGIN, END, STUDENT = "### BEGIN SOLUTION", "### END SOLUTION", "### STUDENT:"
# A line that looks like a marker has to be one: a misspelt marker would give the answer away.
SIMILAR = re.compile(
    r"#\s*(begin|end)\s*_?\s*(the\s+)?soluti?on|^\s*#+\s*student\s*:?|^\s*#{3,}", re.IGNORECASE
)
MARKERS = re.compile(rf"\s*(?:{BEGIN}|{END}|{STUDENT}.*)")


class BadMark(TriptychError):
    """A marker that is nested, unpaired or misspelt."""


@dataclass
class _Block:
    """The text between two markers."""

    line: int
    indent: str
    placeholder: list[str]
    has_student_line: bool = False


def students_version(text: str, file: Path) -> str:
    """The student version of a solution. Raises BadMark, which names the file and the line."""
    return "".join(f"{line}\n" for line in _lines(text, file))


def _lines(text: str, file: Path) -> Iterator[str]:
    block: _Block | None = None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        where = f"{file}, line {number}"
        if SIMILAR.search(line) and not MARKERS.fullmatch(line):
            raise BadMark(
                f"{where}: {stripped!r} is no marker: use {BEGIN!r}, {STUDENT!r} or {END!r}"
            )
        if stripped == BEGIN:
            if block is not None:
                raise BadMark(f"{where}: a solution within that of line {block.line}: end it first")
            block = _Block(number, line[: len(line) - len(line.lstrip())], [])
        elif stripped == END:
            if block is None:
                raise BadMark(f"{where}: the end of a solution that has no beginning")
            yield from block.placeholder if block.has_student_line else [f"{block.indent}..."]
            block = None
        elif stripped.startswith(STUDENT):
            if block is None:
                raise BadMark(f"{where}: a placeholder outside of a solution")
            block.has_student_line = True
            rest = stripped.removeprefix(STUDENT).removeprefix(" ")
            block.placeholder += [f"{block.indent}{rest}"] if rest else []
        elif block is None:
            yield line
    if block is not None:
        raise BadMark(f"{file}, line {block.line}: this solution has no end ({END})")

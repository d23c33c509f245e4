"""From a solution to the students' version: what stands between two marks is taken out.

    ### BEGIN SOLUTION
    price = sum(x * w)
    ### STUDENT: price = ...  # a hint may stand here
    ### END SOLUTION

leaves `price = ...`; without a STUDENT line it leaves `...`, and with an empty one nothing. The
marks BEGIN and END are nbgrader's, which teachers may know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import TriptychError

BEGIN, END, STUDENT = "### BEGIN SOLUTION", "### END SOLUTION", "### STUDENT:"
# Whatever looks like a mark has to be one: a slip would hand out the answer.
ALIKE = re.compile(
    r"#\s*(begin|end)\s*_?\s*(the\s+)?soluti?on|^\s*#+\s*student\s*:?|^\s*#{3,}", re.IGNORECASE
)
MARKS = re.compile(rf"\s*(?:{BEGIN}|{END}|{STUDENT}.*)")


class BadMark(TriptychError):
    """A mark that is nested, alone, or misspelt."""


@dataclass
class _Block:
    """What is between two marks."""

    line: int
    indent: str
    placeholder: list[str]
    given: bool = False  # whether there was a STUDENT line


def students_version(text: str, file: Path) -> str:
    """The text as it is handed out. Raises BadMark, which names the file and the line."""
    return "".join(f"{line}\n" for line in _lines(text, file))


def _lines(text: str, file: Path) -> Iterator[str]:
    block: _Block | None = None
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        at = f"{file}, line {number}"
        if ALIKE.search(line) and not MARKS.fullmatch(line):
            raise BadMark(f"{at}: {bare!r} is no mark: use {BEGIN!r}, {STUDENT!r} or {END!r}")
        if bare == BEGIN:
            if block is not None:
                raise BadMark(f"{at}: a solution within that of line {block.line}: end it first")
            block = _Block(number, line[: len(line) - len(line.lstrip())], [])
        elif bare == END:
            if block is None:
                raise BadMark(f"{at}: the end of a solution that has no beginning")
            yield from block.placeholder if block.given else [f"{block.indent}..."]
            block = None
        elif bare.startswith(STUDENT):
            if block is None:
                raise BadMark(f"{at}: a placeholder outside of a solution")
            block.given = True
            said = bare.removeprefix(STUDENT).removeprefix(" ")
            block.placeholder += [f"{block.indent}{said}"] if said else []
        elif block is None:
            yield line
    if block is not None:
        raise BadMark(f"{file}, line {block.line}: this solution has no end ({END})")

"""Cut a program that Python cannot parse, so that the rest of it still runs.

A program is cut first into its cells, then into what begins at the margin. The parts that parse
are left where they are; the others become empty lines, so that no line changes its number.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

CELL: Final = re.compile(r"# %%")
CONTINUES: Final = re.compile(r"\s|#|[)\]}]|(?:else|elif|except|finally)\b|$")
# Parts that are tried together: a text in three quotation marks may have lines at the margin.
TOGETHER: Final = 12
# Characters that are parsed in all attempts. A file that is wrong in every line takes no longer.
EFFORT: Final = 2**21
DEFINES: Final = re.compile(
    r"(?:async +)?(?:def|class) +(?P<name>\w+)|(?P<targets>\w+(?: *, *\w+)*) *(?::[^=]*)?=(?!=)"
    r"|(?:from +[\w.]+ +)?import +(?P<imports>.+)"
)
UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Broken:
    """Lines that are no Python: where and why, and the names that they seem to define.

    columns: characters from 0, the second is -1 for the end of the line.
    """

    first: int
    last: int
    line: int
    columns: tuple[int, int]
    kind: str
    message: str
    names: frozenset[str]


def readable(text: str, cells: Sequence[int] = ()) -> tuple[str, tuple[Broken, ...]]:
    """The program without the parts that cannot be parsed, and these parts.

    cells: the lines at which the cells of a notebook begin.
    """
    if _error("", text) is None:
        return text, ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begins = {1, *cells, *(n for n, line in enumerate(lines, 1) if CELL.match(line))}
    ends = [*sorted(begins), len(lines) + 1]
    effort, spans = EFFORT, list[tuple[int, int]]()
    for begin, end in pairwise(ends):
        effort = _broken_spans(lines, begin, end, effort, spans)
    broken = tuple(_broken(lines, first, last) for first, last in _merged(spans))
    for part in broken:
        lines[part.first - 1 : part.last] = [""] * (part.last + 1 - part.first)
    return "\n".join(lines), broken


def names_of(node: ast.stmt) -> frozenset[str]:
    """The names that a top-level statement defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({node.name})
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, ast.alias):
            names.add(inner.asname or inner.name.split(".")[0])
        elif isinstance(inner, ast.FunctionDef | ast.ClassDef):
            names.add(inner.name)
    return frozenset(names)


def _broken_spans(
    lines: list[str], begin: int, end: int, effort: int, spans: list[tuple[int, int]]
) -> int:
    """Add the spans of a cell (from `begin` up to `end`) that do not parse; the effort left."""
    cell = "\n".join(lines[begin - 1 : end - 1])
    if _error("", cell) is None:
        return effort - len(cell)
    starts = [n for n in range(begin, end) if n == begin or _begins(lines, n)]
    starts.append(end)
    i = 0
    while i < len(starts) - 1:
        for j in range(i + 1, min(i + TOGETHER, len(starts) - 1) + 1):
            part = "\n".join(lines[starts[i] - 1 : starts[j] - 1])
            effort -= len(part) + 1
            if effort < 0 or _error("", part) is None:
                break
        else:
            j = i
        if effort < 0:
            spans.append((starts[i], end - 1))
            return 0
        if j == i:
            spans.append((starts[i], starts[i + 1] - 1))
            j = i + 1
        i = j
    return effort


def _begins(lines: list[str], number: int) -> bool:
    """Whether a statement seems to begin in this line."""
    before = lines[number - 2] if number > 1 else ""
    return CONTINUES.match(lines[number - 1]) is None and not before.startswith("@")


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring spans as one: a `def` line and its body that is not indented."""
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and merged[-1][1] == first - 1:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def _broken(lines: list[str], first: int, last: int) -> Broken:
    part = lines[first - 1 : last]
    error = _error("\n" * (first - 1), "\n".join(part)) or SyntaxError("too long to be read")
    names = set()
    for text in part:
        if found := DEFINES.match(text):
            names |= {found["name"] or "", *re.split(r" *, *", found["targets"] or "")}
            names |= {each.split()[-1].split(".")[0] for each in
                      (found["imports"] or "").split(",") if each.split()}  # fmt: skip
    kind, message = type(error).__name__, str(error)
    line, columns = first, (0, -1)
    if isinstance(error, SyntaxError):
        message, line = error.msg, min(max(error.lineno or first, first), last)
        begin = max(error.offset or 1, 1)
        same = error.end_lineno == error.lineno and (error.end_offset or 0) > begin
        columns = begin - 1, (error.end_offset or 0) - 1 if same else begin
    return Broken(first, last, line, columns, kind, message, frozenset(names - {""}))


def _error(above: str, text: str) -> BaseException | None:
    """Why a text is no program; None if it is one. above: empty lines, for the line numbers."""
    try:
        body = ast.parse(above + text).body
    except UNREADABLE as error:
        return error
    outside = next((node for node in body if isinstance(node, ast.Return)), None)
    if outside is None:
        return None
    place = ("", outside.lineno, 1, None, outside.lineno, 0)
    return SyntaxError("'return' outside function", place)

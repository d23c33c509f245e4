"""What of a student's file did not run, and which names are missing because of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from classroom.error_hints import MISSING_NAME
from classroom.excerpt import characters
from classroom.formatting import describe_error, single_line
from classroom.program_parts import Broken
from classroom.sources import Source

ANYWHERE = (0, -1)  # columns: the whole line


@dataclass(frozen=True)
class Crash:
    """A part of the file that did not run. names: what it would have defined.

    line: where it stopped, 0 if unknown. text: a sentence about it, which follows "the file".
    needed: the name whose absence stopped it, or empty. excerpt: the line, with a mark.
    """

    line: int
    text: str
    names: frozenset[str]
    needed: str = ""
    excerpt: str = ""

    @property
    def sentence(self) -> str:
        """What stopped, as a sentence."""
        return f"The file {self.text}"


class Crashes:
    """All parts of a file that did not run, in the order of the file."""

    def __init__(
        self, source: Source, errors: Iterable[Mapping[str, Any]] = (),
        without_end: Mapping[int, str] | None = None,
    ) -> None:  # fmt: skip
        """errors: of statements, as the worker reports them; untrusted.

        without_end: how the process ended in a statement, by the statement's first line.
        """
        found = [_broken(source, part) for part in source.broken]
        found += [_stopped(source, error) for error in errors]
        for line, text in (without_end or {}).items():
            where = f"{text} This was in {source.where(line)}."
            found.append(Crash(line, where, source.defined_in(line), "",
                               source.excerpt(line, ANYWHERE)))  # fmt: skip
        self.all = sorted(found, key=lambda crash: crash.line)

    def cause(self, name: str) -> Crash | None:
        """Why a name is missing: the first crash of those that led to it; None if unknown."""
        passed: set[str] = set()
        cause = None
        while name and name not in passed:
            passed.add(name)
            crash = next((crash for crash in self.all if name in crash.names), None)
            cause, name = crash or cause, crash.needed if crash else ""
        return cause

    def roots(self) -> list[Crash]:
        """The crashes that are not consequences of others."""
        return [crash for crash in self.all if not crash.needed or self.cause(crash.needed) is None]


def place(source: Source, report: Mapping[str, Any]) -> tuple[int, str]:
    """The line of an error, 0 if unknown, and the line with its mark; report: untrusted."""
    line, columns = report.get("line"), report.get("columns")
    if type(line) is not int or not 0 < line < 2**31:
        return 0, ""
    is_pair = isinstance(columns, list) and [type(column) for column in columns] == [int, int]
    first, last = columns if is_pair and columns is not None else ANYWHERE
    return line, source.excerpt(line, characters(source.line(line), (first, last)))


def _broken(source: Source, part: Broken) -> Crash:
    text = describe_error(part.kind, single_line(part.message), f" in {source.where(part.line)}")
    return Crash(part.line, text, part.names, "", source.excerpt(part.line, part.columns))


def _stopped(source: Source, error: Mapping[str, Any]) -> Crash:
    kind, message, near = (single_line(error.get(key, "")) for key in ("error", "message", "near"))
    line, excerpt = place(source, error)
    where = f" in {source.where(line)}" if line else ""
    begin = error.get("statement")
    names = source.defined_in(begin) if type(begin) is int else frozenset()
    needed = MISSING_NAME.search(message) if kind == "NameError" else None
    text = describe_error(kind, message, where, near)
    return Crash(line, text, names, needed[1] if needed else "", excerpt)

"""Messages from the process that checks the laws to the one that reports, one per line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["holds", "fails", "not written", "too slow", "crashed", "not tried"]


@dataclass(frozen=True)
class Failure:
    """What went wrong on one architecture."""

    on: str  # the architecture's name; empty for a law that brings its own points
    example: str  # such as "5 rows, after 2 steps"
    text: str  # the expected value and the gap
    place: str = ""  # where the adapter raised, such as "step(), mine.py line 88"


@dataclass
class Verdict:
    """The result of one law in one precision."""

    law: str  # its name, without the prefix law_
    status: Status
    failures: list[Failure] = field(default_factory=list)
    held_on: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Refused:
    """The adapter cannot be checked; the text says why and what to do."""

    text: str


@dataclass(frozen=True)
class Started:
    """A check has started: of a law on an architecture, or of the import (both empty)."""

    law: str
    on: str


Message = Verdict | Refused | Started


def encode(message: Message) -> dict[str, Any]:
    """A message as a JSON object."""
    return {"kind": type(message).__name__, **asdict(message)}


def decode(lines: Iterable[str]) -> Iterable[Message]:
    """Yield the message of each line; a last line without its end is dropped."""
    for line in lines:
        if not line.endswith("\n"):
            return
        values = json.loads(line)
        kind = values.pop("kind")
        if kind == "Verdict":
            values["failures"] = [Failure(**failure) for failure in values["failures"]]
            yield Verdict(**values)
        else:
            yield Refused(**values) if kind == "Refused" else Started(**values)

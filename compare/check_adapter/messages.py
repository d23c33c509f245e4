"""What the process that tries the laws tells the one that reports: plain data, a line each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal

Status = Literal["holds", "fails", "not written", "too slow", "crashed", "not tried"]


@dataclass(frozen=True)
class Failure:
    """What went wrong on one architecture."""

    on: str  # the architecture's name; empty for a law with points of its own
    example: str  # what was drawn, such as "5 rows, after 2 steps"
    text: str  # what was expected, and the gap
    place: str = ""  # where in the adapter, if it raised: "step(), mine.py line 88"


@dataclass
class Verdict:
    """One law in one precision."""

    law: str  # its name, without the prefix law_
    status: Status
    failures: list[Failure] = field(default_factory=list)
    held_on: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Refused:
    """The adapter cannot be tried at all: one line that says what to do."""

    text: str


@dataclass(frozen=True)
class Begun:
    """A law is being tried on an architecture; of the import too, which is no law's."""

    law: str
    on: str


Message = Verdict | Refused | Begun


def encode(message: Message) -> str:
    """One line of JSON."""
    return json.dumps({"kind": type(message).__name__, **asdict(message)})


def decode(lines: Iterable[str]) -> Iterable[Message]:
    """The messages of these lines, as they come; a last line that was cut short is left out."""
    for line in lines:
        if not line.endswith("\n"):
            return
        values = json.loads(line)
        kind = values.pop("kind")
        if kind == "Verdict":
            values["failures"] = [Failure(**failure) for failure in values["failures"]]
            yield Verdict(**values)
        else:
            yield Refused(**values) if kind == "Refused" else Begun(**values)

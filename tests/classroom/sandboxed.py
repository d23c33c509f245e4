"""The sandbox for tests, hostile submissions, and what is left of them on the machine."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from classroom.rooms import OPEN, Room
from classroom.sandbox import Sandbox
from classroom.sandbox_check import Leaks, NoSandbox, tested
from tests.waiting import until

HOSTILE = Path(__file__).parent / "hostile"
NO_SANDBOX = "no sandbox: what confines a class's submissions was NOT tested; install bubblewrap"
IMPATIENCE = "hostile"  # a word by which a test's grader knows for whom it need not wait so long
PATIENT = ("empty_files",)  # ten thousand of them take a busy machine a while
REQUIRED = "TRIPTYCH_SANDBOX"  # set to `required`, a missing sandbox is a failure


@cache
def _found() -> Sandbox | NoSandbox:
    try:
        return tested()
    except NoSandbox as error:
        return error


def confined() -> Sandbox:
    """The sandbox of this machine; without one the test that asks is skipped, or fails."""
    found = _found()
    if isinstance(found, Sandbox):
        return found
    if isinstance(found, Leaks) or os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{NO_SANDBOX} ({found})")
    pytest.skip(f"{NO_SANDBOX} ({found})")


def confined_if_possible() -> Room:
    """The sandbox; where there is none and none is required, no walls."""
    if isinstance(_found(), NoSandbox) and not isinstance(_found(), Leaks):
        return OPEN if os.environ.get(REQUIRED) != "required" else confined()
    return confined()


@dataclass(frozen=True)
class Targets:
    """What hostile submissions are after."""

    canary: Path  # a file of the teacher's
    other: Path  # another student's work
    token: str  # a word found nowhere else, to recognise files and processes by
    port: int = 9  # where a program of the teacher's listens

    def submission(self, name: str) -> str:
        """The text of a hostile submission that knows where its targets are."""
        text = (HOSTILE / f"{name}.py").read_text(encoding="utf-8")
        for word, value in {
            "@CANARY@": self.canary, "@OTHER@": self.other, "@TOKEN@": self.token,
            "@SOCKET@": self.token, "@PORT@": self.port, "@GRADER@": os.getpid(),
        }.items():  # fmt: skip
            text = text.replace(word, str(value))
        return text if name in PATIENT else f"{text}\n# {IMPATIENCE}\n"


def left_behind(token: str) -> list[str]:
    """The processes that the word names and that do not end soon: a kill takes a while."""
    with suppress(AssertionError):
        until(lambda: not processes(token))
    return processes(token)


def processes(token: str) -> list[str]:
    """The command lines of processes, anywhere on the machine, in which the word occurs."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        if token.encode() in line and int(folder.name) != os.getpid():
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found

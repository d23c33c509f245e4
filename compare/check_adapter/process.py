"""Run the laws in a child process, whose messages are lines, and restart it where a law ends it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from adapters import environment
from adapters.contract import SettingsError
from course.settings import ROOT

# Messages from the process that checks the laws to the one that reports, one per line.

Status = Literal["holds", "fails", "not written", "too slow", "crashed", "not tried", "not run"]


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
    not_run: dict[str, str] = field(default_factory=dict)  # why, by the architecture's name
    seconds: float = 0.0

    @property
    def is_fine(self) -> bool:
        """Whether the law holds wherever the backend has the layers that it needs."""
        return self.status in ("holds", "not run")


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


# Run the laws in a child process, and restart it after each law that ended it.

FRAME = re.compile(r'  File "(.*)", line (\d+) in (.*)')
# An endless loop is often in a step, and most laws make steps. After this many timeouts the other
# laws are skipped, since each would cost the whole limit.
MOST_SLOW = 3


@dataclass(frozen=True)
class Adapter:
    """The class to check, and the seconds allowed for a law on one architecture."""

    file: Path
    name: str
    limit: float
    verbose: bool = False


def verdicts(adapter: Adapter, dtype: str, laws: list[str], slow: int = 0) -> Iterator[Verdict]:
    """Yield a verdict for each of these laws, in order, as soon as it is known.

    slow: how many laws have timed out already. Raises SettingsError if the adapter cannot be
    checked at all.
    """
    left = list(laws)
    while left and slow < MOST_SLOW:
        ended = yield from one_process(adapter, dtype, left)
        if ended is None:
            return
        slow += ended.status == "too slow"
        yield ended
        left = left[left.index(ended.law) + 1 :]
    for law in left:
        yield Verdict(law, "not tried")


def one_process(
    adapter: Adapter, dtype: str, laws: list[str]
) -> Generator[Verdict, None, Verdict | None]:
    """Check these laws; returns the verdict on the one that ended the process, if one did."""
    environ = environment.allowed(os.environ)
    paths = [str(ROOT), *filter(None, [environ.get("PYTHONPATH")])]
    current, done = Started("", ""), 0
    with tempfile.TemporaryDirectory() as folder:
        crash_log = Path(folder) / "crash_log"
        command = [sys.executable, "-m", "compare.check_adapter.trial", str(adapter.file)]
        command += [adapter.name, dtype, str(adapter.limit), str(crash_log), *laws]
        with subprocess.Popen(
            command, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=None if adapter.verbose else subprocess.DEVNULL,
            env=environ | {"PYTHONPATH": os.pathsep.join(paths)},
        ) as child:  # fmt: skip
            assert child.stdout is not None
            try:
                for message in decode(child.stdout):
                    if isinstance(message, Refused):
                        raise SettingsError(message.text)
                    if isinstance(message, Started):
                        current = message
                    else:
                        done += 1
                        yield message
            except BaseException:  # the caller has stopped iterating
                child.kill()
                raise
        words = crash_log.read_text(encoding="utf-8") if crash_log.exists() else ""
    if done == len(laws):
        return None
    late, text = crash_reason(words, child.returncode, adapter.limit)
    where = crash_location(words, adapter.file)
    if not current.law:
        raise SettingsError(f"{adapter.file.name}: its import {text}{where and f', in {where}'}")
    status: Status = "too slow" if late else "crashed"
    return Verdict(laws[done], status, [Failure(current.on, "", text, where)])


def crash_reason(crash_log: str, status: int, limit: float) -> tuple[bool, str]:
    """Whether the time ran out, and how the process ended, from its crash log."""
    if crash_log.startswith("Timeout"):
        return True, f"took more than {limit:g} s: does a loop never end?"
    if status < 0:
        return False, f"crashed the process ({signal.Signals(-status).name})"
    fatal = crash_log.partition("\n")[0]
    return False, f"ended the process with status {status}{f' ({fatal})' if fatal else ''}"


def crash_location(crash_log: str, file: Path) -> str:
    """The innermost line of the adapter, or of a file beside it, that Python was in."""
    for path, line, function in FRAME.findall(crash_log):  # the innermost frame comes first
        if Path(path).parent == file.parent:
            return f"{function}(), {Path(path).name} line {line}"
    return ""

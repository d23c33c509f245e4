"""Run the laws in a child process, and restart it after each law that ended it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters import environment
from adapters.contract import SettingsError
from compare.check_adapter.messages import Failure, Refused, Started, Status, Verdict, decode
from course.settings import ROOT

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

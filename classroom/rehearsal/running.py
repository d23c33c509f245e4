"""Run one command of the day, and end it with all that it started when it is interrupted.

The command writes to a log, not to a pipe: a grandchild that stays alive would keep a pipe open.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters import environment
from course.settings import ROOT

INTERVAL = 0.05  # seconds between two looks at a process
# Seconds in which a command may end by itself after Ctrl-C, and then after a request to end.
GRACE = 8.0
ERROR = re.compile(r"^(?:error: |[\w.]*Error: )", re.MULTILINE)
LONGEST = 400  # characters of a reason


@dataclass(frozen=True)
class Ended:
    """How a command ended. status: None if its time was over; output: all that it printed."""

    status: int | None
    output: str
    seconds: float

    @property
    def reason(self) -> str:
        """The line that says what is wrong: the last error, or else the last line."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        errors = [line for line in lines if ERROR.match(line)]
        line = (errors or lines or [f"it ended with status {self.status} and said nothing"])[-1]
        return ERROR.sub("", line)[:LONGEST]


def run(
    argv: Sequence[str], folder: Path, patience: float,
    until: Callable[[str], bool] = lambda output: False,
) -> Ended:  # fmt: skip
    """Run a command of this checkout in a folder.

    patience: seconds, after which it is ended. until: whether what it has printed is enough; then
    it is ended, and its status counts as 0. Whatever happens, none of its processes is left.
    """
    log = folder / "log.txt"
    start = time.monotonic()
    own = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "COLUMNS": "100"}
    if sys.platform == "linux":  # elsewhere its name would be too long for a kernel's socket
        own["TMPDIR"] = str(folder)
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv, cwd=folder, env=environment.allowed(os.environ) | own, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    status: int | None = None
    try:
        while time.monotonic() - start < patience:
            status = process.poll()
            if status is not None:
                break
            if until(_read(log)):
                status = 0
                break
            time.sleep(INTERVAL)
    finally:
        _end(process)
    return Ended(status, _read(log), time.monotonic() - start)


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process: by Ctrl-C, so that it tidies up; by a request; at last by force."""
    kinds = [signal.SIGINT, signal.SIGTERM] if os.name == "posix" else [signal.SIGTERM]
    for kind in kinds:
        if process.poll() is not None:
            break
        with suppress(OSError):
            process.send_signal(kind)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    if hasattr(os, "killpg"):  # the rest of its session; a sandbox ends with its parent
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()

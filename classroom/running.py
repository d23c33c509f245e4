"""Start a student's process, and exchange messages with it through two pipes."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters import environment
from classroom import wire_format
from classroom.limits import Limits, Process
from classroom.sandbox import Launcher
from course.settings import ROOT

CHUNK = 2**16
PIPES_CLOSED = 75  # status of a worker whose pipes were closed, as in classroom.worker


class WorkerProcess:
    """A worker process and the pipes for requests and replies."""

    def __init__(
        self, arguments: dict[str, Any], launcher: Launcher, folder: Path, limits: Limits
    ) -> None:
        requests, self.requests = os.pipe()
        self.replies, replies = os.pipe()
        self.buffer = bytearray()
        self.at: Any = None  # line of the last statement that the worker has announced; untrusted
        argument = json.dumps({**arguments, "requests": requests, "replies": replies})
        argv = [sys.executable, "-P", "-m", "classroom.worker", argument]
        try:
            environ = environment.allowed(os.environ) | {
                "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1",
            }  # fmt: skip
            command = launcher.command(argv, folder)
            self.process = Process(command, folder, environ, (requests, replies), limits)
        except BaseException:
            os.close(self.requests)
            os.close(self.replies)
            raise
        finally:
            os.close(requests)
            os.close(replies)
        os.set_blocking(self.requests, False)

    def exchange(self, message: bytes, number: int, deadline: float) -> dict[str, Any]:
        """The reply with this number. Raises TimeoutError, EOFError, OSError, Malformed."""
        sent = searched = 0
        while True:
            while (end := self.buffer.find(b"\n", searched)) >= 0:
                line = bytes(self.buffer[:end])
                del self.buffer[: end + 1]
                searched = 0
                reply = wire_format.read(line)
                if reply.get("id") == number:
                    return reply
                self.at = reply.get("at", self.at)
            searched = len(self.buffer)
            if searched > wire_format.LARGEST:
                raise wire_format.Malformed("a reply without end")
            waiting = [self.requests] if sent < len(message) else []
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            readable, writable, _ = select.select([self.replies], waiting, [], left)
            if writable:
                with suppress(BlockingIOError):
                    sent += os.write(self.requests, message[sent : sent + CHUNK])
            if readable:
                octets = os.read(self.replies, CHUNK)
                if not octets:
                    raise EOFError
                self.buffer += octets

    def how_it_ended(self, limits: Limits) -> str:
        """Why the process does not answer any more, worded for the student."""
        status = self.process.status(seconds=1)
        if self.process.exceeded == "memory":
            size = f"{limits.memory / 1024**3:.2g} GB"
            return f"takes more than {size} of memory: does something grow in every round?"
        if self.process.exceeded == "processes":
            return f"starts more than {limits.processes} processes: nothing here needs another one."
        if self.process.exceeded == "files":
            return f"makes more than {limits.files:,} files: nothing here needs one."
        if status in (None, PIPES_CLOSED):
            return "has cut its own connection: is a file closed that it did not open?"
        assert status is not None
        # bwrap reports a signal as a status above 128.
        number = -status if status < 0 else status - 128
        if number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE):
            name = signal.Signals(number).name
            return f"crashes the whole of Python ({name}), which plain Python cannot do."
        return "ends the whole program: a function should return, and not exit."

    def end(self) -> None:
        """End the process and close the pipes."""
        self.process.end()
        os.close(self.requests)
        os.close(self.replies)

"""A student's process, and the two pipes that lead to it and back."""

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
from classroom.rooms import Room
from course.settings import ROOT

CHUNK = 2**16
CUT = 75  # the worker's status where its pipes were closed; the worker is not imported here


class Running:
    """A process and the two pipes that lead to it and back."""

    def __init__(self, given: dict[str, Any], room: Room, folder: Path, limits: Limits) -> None:
        theirs, self.requests = os.pipe()
        self.replies, replies = os.pipe()
        self.held = bytearray()
        told = json.dumps({**given, "requests": theirs, "replies": replies})
        argv = [sys.executable, "-P", "-m", "classroom.worker", told]
        try:
            environ = environment.allowed(os.environ) | {
                "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1",
            }  # fmt: skip
            command = room.command(argv, folder)
            self.process = Process(command, folder, environ, (theirs, replies), limits)
        except BaseException:
            os.close(self.requests)
            os.close(self.replies)
            raise
        finally:
            os.close(theirs)
            os.close(replies)
        os.set_blocking(self.requests, False)

    def exchange(self, message: bytes, number: int, deadline: float) -> dict[str, Any]:
        """The reply with this number. Raises TimeoutError, EOFError, OSError, Malformed."""
        sent = searched = 0
        while True:
            while (end := self.held.find(b"\n", searched)) >= 0:
                line = bytes(self.held[:end])
                del self.held[: end + 1]
                searched = 0
                reply = wire_format.read(line)
                if reply.get("id") == number:
                    return reply
            searched = len(self.held)
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
                self.held += octets

    def how_it_ended(self, limits: Limits) -> str:
        """Why nobody answers any more, in words for the student."""
        status = self.process.status(seconds=1)
        if self.process.exceeded == "memory":
            size = f"{limits.memory / 1024**3:.2g} GB"
            return f"takes more than {size} of memory: does something grow in every round?"
        if self.process.exceeded == "processes":
            return f"starts more than {limits.processes} processes: nothing here needs another one."
        if self.process.exceeded == "files":
            return f"makes more than {limits.files:,} files: nothing here needs one."
        if status in (None, CUT):
            return "has cut its own connection: is a file closed that it did not open?"
        assert status is not None
        # Through a sandbox a signal arrives as a status above 128.
        number = -status if status < 0 else status - 128
        if number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE):
            name = signal.Signals(number).name
            return f"crashes the whole of Python ({name}), which plain Python cannot do."
        return "ends the whole program: a function should return, and not exit."

    def end(self) -> None:
        """Leave nothing running and nothing open."""
        self.process.end()
        os.close(self.requests)
        os.close(self.replies)

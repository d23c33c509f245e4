"""Run a student's file in a separate process, for a check to call its functions."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from classroom import wire_format
from classroom.crashes import Crashes
from classroom.formatting import capitalized
from classroom.limits import Limits
from classroom.rules import ANOTHER_PROCESS
from classroom.running import WorkerProcess
from classroom.sandbox import Launcher
from classroom.scores import Wrong
from classroom.sources import Source
from classroom.student import ENDLESS, Student
from course.settings import Settings

# Statements that end the process or never end, after which the file is run without them.
MOST_WITHOUT_END = 2
MOST_ERRORS = 50  # that are read of one run; the worker sends no more


class Unloadable(Wrong):
    """The file cannot be run at all, so nothing can be judged."""


class StudentProcess(Student):
    """A student whose file runs in a process of its own, with limits on time and memory."""

    def __init__(
        self, number: int, source: Source, settings: Settings, launcher: Launcher,
        limits: Limits, check_seed: int | None = None,
    ) -> None:  # fmt: skip
        """check_seed: the seed of the check's random numbers; None for an unpredictable one."""
        super().__init__(number, source, settings, check_seed)
        self.launcher, self.limits = launcher, limits
        self._end = time.monotonic() + limits.total
        self._process: WorkerProcess | None = None
        self._calls = 0  # of the current process
        self._at: Any = None  # line of the last statement that has begun; untrusted
        self._without_end: dict[int, str] = {}  # how the process ended, by first line
        # Absolute, without links: a sandbox shows the folder under the same name.
        self._folder = tempfile.TemporaryDirectory(prefix="triptych-exercises-")
        self._file = Path(self._folder.name).resolve() / f"lesson{number}.py"
        self._file.write_text(source.runnable, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stop()
        self._folder.cleanup()

    def load(self) -> None:
        """Run the file, one top-level statement after the other; `crashes` says what stopped.

        A statement that ends the process, or never ends, is left out the next time. Raises
        Unloadable if there are too many of these.
        """
        while True:
            request = {"do": "load", "skip": [*self._without_end]}
            try:
                reply = self._ask(request, "the file", self._loading())
            except Wrong as wrong:
                if not self._leave_out(str(wrong)):
                    raise Unloadable(str(wrong)) from wrong
                continue
            errors = reply.get("errors")
            errors = errors if isinstance(errors, list) else [reply]
            reports = [error for error in errors[:MOST_ERRORS] if isinstance(error, dict)]
            self.crashes = Crashes(self._source, reports, self._without_end)
            return

    def _leave_out(self, how: str) -> bool:
        """Leave out the statement in which the process has ended; False if that does not help."""
        at, text = self._at, how.removeprefix("The file ")
        self._stop()
        known = type(at) is int and 0 < at < 2**31 and at not in self._without_end
        if not known or len(self._without_end) == MOST_WITHOUT_END or text == how:
            return False
        self._without_end[at] = text
        return True

    def _reply(self, request: dict[str, Any], subject: str) -> dict[str, Any]:
        if self._process is None:  # after a hang or a crash
            self.load()
        return self._ask(request, subject, self.limits.call)

    def _ask(self, request: dict[str, Any], subject: str, seconds: float) -> dict[str, Any]:
        """Send a request; return its reply. Raises Wrong if there is none."""
        if self._process is None:
            self._process, self._calls = self._start(), 0
        self._calls += 1
        left = self._end - time.monotonic()
        if left <= 0:
            self._stop()
            raise Wrong(f"All of it together takes more than {self.limits.total:g} seconds.")
        message = wire_format.write({**request, "id": self._calls})
        deadline = time.monotonic() + min(seconds, left)
        process = self._process
        try:
            reply = process.exchange(message, self._calls, deadline)
            while "ask" in reply:
                message = wire_format.write({**self._listen(reply), "id": self._calls})
                reply = process.exchange(message, self._calls, deadline)
        except TimeoutError:
            self._stop()
            raise Wrong(ENDLESS.format(capitalized(subject), min(seconds, left))) from None
        except (EOFError, OSError):
            ending = process.how_it_ended(self.limits)
            self._stop()
            raise Wrong(f"{capitalized(subject)} {ending}") from None
        except wire_format.Malformed:
            self._stop()
            raise Wrong(
                f"{capitalized(subject)} answers with something that cannot be read."
            ) from None
        finally:
            self._at = process.at
        ran = reply.get("ran")
        if isinstance(ran, list) and ANOTHER_PROCESS in ran:
            self._stop()  # the next call gets a new process
        return reply

    def _loading(self) -> float:
        more = 0 if self.settings.backend == "numpy" else self.limits.backend
        return self.limits.loading + more

    def _start(self) -> WorkerProcess:
        settings = {
            name: value for name, value in asdict(self.settings).items()
            if name in ("backend", "dtype", "device", "seed", "threads")
        }  # fmt: skip
        arguments = {"file": str(self._file), "number": self.number, "settings": settings,
                     "memory": self.limits.memory}  # fmt: skip
        return WorkerProcess(arguments, self.launcher, self._file.parent, self.limits)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

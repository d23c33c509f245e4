"""A child process that answers a line of JSON with a line of JSON: both of its ends.

The child keeps its standard output for its answers; what else it prints goes to its standard error,
of which the parent shows the last line if the child ends before its answer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters import environment
from course.settings import ROOT

Message = dict[str, Any]


class ProcessFailed(Exception):
    """A process ended before its answer; the message is the last line of its standard error."""


class JsonProcess:
    """A module of a checkout, started with only the variables that a lesson inherits."""

    def __init__(
        self, module: str, *arguments: str, root: Path = ROOT, cwd: Path | None = None,
        patience: float | None = None, variables: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """root: the checkout; patience: seconds for one answer, then the process is killed."""
        own = {"PYTHONPATH": str(root), "PYTHONUTF8": "1", **(variables or {})}
        self.patience = patience
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self.started_at = time.perf_counter()
        # -P: do not import a json.py from the user's folder.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments], text=True, encoding="utf-8",
            cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr,
            env=environment.allowed(os.environ) | own,
        )  # fmt: skip

    def __enter__(self) -> JsonProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: Message) -> Message:
        """Send a request and wait for its answer; raises ProcessFailed if there is none."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended, and the answer may say why
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        return self.answer()

    def answer(self) -> Message:
        """The next answer; raises ProcessFailed if there is none."""
        assert self.process.stdout is not None
        limit = threading.Timer(self.patience or 0, self.process.kill)
        if self.patience is not None:
            limit.start()
        try:
            line = self.process.stdout.readline()
        finally:
            limit.cancel()
        if not line.endswith("\n"):  # it was killed, perhaps in the middle of a line
            raise ProcessFailed(self._reason())
        answer: Message = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.stderr):
            with suppress(OSError):  # a request may be left in the buffer of a broken pipe
                pipe.close()  # type: ignore[union-attr]

    def _reason(self) -> str:
        status = self.process.wait()
        self.stderr.seek(0)
        lines = self.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else f"exit status {status}, and no message"


def answer_channel() -> Callable[[Message], None]:
    """In the child: the function that sends an answer; standard output is standard error then."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(message: Message) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    return answer


def requests() -> Iterator[Message]:
    """In the child: the requests, until the parent closes the pipe."""
    for line in sys.stdin:
        yield json.loads(line)

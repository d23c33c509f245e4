"""Run commands in parallel, as many at once as there are cores, and read each line by line.

A child that fails or is killed is one failed task and stops nothing else. Leaving the block, by
Ctrl-C too, ends every child: each is interrupted, given a moment to clean up, and killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Literal, Protocol

State = Literal["waiting", "running", "done", "failed"]
OUTPUT_LAG = 2.0  # seconds that a child's output may arrive after its end
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has only the second
# Seconds that a child has after Ctrl-C; a framework's import cannot be interrupted.
SHUTDOWN_TIMEOUT = 10.0


@dataclass(eq=False)
class Task:
    """A command and its progress."""

    name: str
    command: Sequence[str]
    label: str = ""  # shown instead of the name where the name is ambiguous
    state: State = "waiting"
    tries: int = 1
    line: str = ""  # the last line it printed
    out: list[str] = field(default_factory=list, repr=False)
    err: list[str] = field(default_factory=list, repr=False)
    status: int | None = None
    started: float = 0.0
    ended: float = 0.0
    process: subprocess.Popen[str] | None = field(default=None, repr=False)
    readers: list[threading.Thread] = field(default_factory=list, repr=False)

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return (self.ended or time.perf_counter()) - self.started if self.started else 0.0

    @property
    def finished(self) -> bool:
        """Whether it has ended, successfully or not."""
        return self.state in ("done", "failed")

    @property
    def reason(self) -> str:
        """Why it failed, in one line: the last line of its standard error."""
        if self.state != "failed":
            return ""
        messages = [line.strip() for line in self.err if line.strip()]
        status = self.status or 0
        how = f"killed by signal {-status}" if status < 0 else ""
        last = messages[-1].removeprefix("error: ") if messages else ""
        return " ".join(filter(None, [how, last])) or f"exit status {self.status}, and no message"


class Executor(Protocol):
    """Runs tasks in parallel, here or elsewhere; leaving its block ends all of them."""

    def __enter__(self) -> Executor: ...

    def __exit__(self, *_: object) -> None: ...

    def poll(self) -> list[Task]:
        """Start the tasks that can start; returns those that have ended since the last call."""
        ...


class ProcessPool:
    """Runs tasks in the given order, at most `jobs` at once."""

    def __init__(self, tasks: Sequence[Task], jobs: int, environ: Mapping[str, str]) -> None:
        self.tasks, self.jobs, self.environ = list(tasks), jobs, dict(environ)

    def __enter__(self) -> ProcessPool:
        return self

    def __exit__(self, *_: object) -> None:
        running = [t for t in self.tasks if t.process is not None and t.process.poll() is None]
        for task in running:
            _signal(task, signal.SIGINT)
        deadline = time.monotonic() + SHUTDOWN_TIMEOUT
        for task in running:
            assert task.process is not None
            try:
                task.process.wait(max(0.0, deadline - time.monotonic()))
            except (subprocess.TimeoutExpired, KeyboardInterrupt):  # Ctrl-C pressed again
                _signal(task, KILL)
                task.process.wait()

    def poll(self) -> list[Task]:
        """Start tasks up to `jobs`; returns those that have ended since the last call."""
        ended = []
        for task in self.tasks:
            if task.state == "running" and task.process is not None:
                task.status = task.process.poll()
                if task.status is not None:
                    for reader in task.readers:  # with a timeout: a grandchild may hold the pipe
                        reader.join(OUTPUT_LAG)
                    task.ended = time.perf_counter()
                    task.state = "failed" if task.status else "done"
                    ended.append(task)
        free = self.jobs - sum(task.state == "running" for task in self.tasks)
        for task in [t for t in self.tasks if t.state == "waiting"][: max(0, free)]:
            self._start(task)
            if task.finished:
                ended.append(task)
        return ended

    @property
    def finished(self) -> bool:
        """Whether every task has ended."""
        return all(task.finished for task in self.tasks)

    def _start(self, task: Task) -> None:
        task.started, task.state = time.perf_counter(), "running"
        try:
            task.process = subprocess.Popen(
                task.command, env=self.environ, stdin=subprocess.DEVNULL, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                start_new_session=True,  # only we receive Ctrl-C, and pass it on once
            )  # fmt: skip
        except OSError as error:
            task.state, task.ended = "failed", time.perf_counter()
            task.err.append(str(error))
            return
        assert task.process.stdout is not None
        assert task.process.stderr is not None
        for pipe, lines in ((task.process.stdout, task.out), (task.process.stderr, task.err)):
            reader = threading.Thread(target=_read, args=(task, pipe, lines), daemon=True)
            task.readers.append(reader)
            reader.start()


def _read(task: Task, pipe: IO[str], lines: list[str]) -> None:
    with pipe:
        for line in pipe:
            lines.append(line.rstrip("\n"))
            if lines is task.out and line.strip():
                task.line = line.strip()


def _signal(task: Task, number: int) -> None:
    """Send a signal to the child's process group: the child and its own children."""
    assert task.process is not None
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(task.process.pid, number)
        else:
            task.process.terminate()

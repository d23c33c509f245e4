"""Commands side by side, as many at once as there are cores, each watched line by line.

A child that fails or is killed is one failed task and stops nothing else. Whoever leaves the block,
by Ctrl-C too, leaves no child behind: each is asked to end, given a moment to tidy up, and killed.
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
OUTPUT_LAG = 2.0  # seconds that a child's output may lag behind its end
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has the second only
SHUTDOWN_TIMEOUT = 10.0  # seconds that a child has after Ctrl-C; a framework's import cannot be interrupted


@dataclass(eq=False)
class Task:
    """A command, and how far it is."""

    name: str
    command: Sequence[str]
    label: str = ""  # what a person sees, if the name alone would not tell it apart
    state: State = "waiting"
    tries: int = 1
    line: str = ""  # the last one that it has printed
    out: list[str] = field(default_factory=list, repr=False)
    err: list[str] = field(default_factory=list, repr=False)
    status: int | None = None
    begun: float = 0.0
    ended: float = 0.0
    process: subprocess.Popen[str] | None = field(default=None, repr=False)
    readers: list[threading.Thread] = field(default_factory=list, repr=False)

    @property
    def seconds(self) -> float:
        """How long it has been running, or ran."""
        return (self.ended or time.perf_counter()) - self.begun if self.begun else 0.0

    @property
    def finished(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state in ("done", "failed")

    @property
    def reason(self) -> str:
        """Why it failed, in one line: the last that it said on standard error."""
        if self.state != "failed":
            return ""
        said = [line.strip() for line in self.err if line.strip()]
        status = self.status or 0
        how = f"killed by signal {-status}" if status < 0 else ""
        last = said[-1].removeprefix("error: ") if said else ""
        return " ".join(filter(None, [how, last])) or f"exit status {self.status}, and no message"


class Executor(Protocol):
    """What runs tasks side by side, here or elsewhere; whoever leaves its block leaves none."""

    def __enter__(self) -> Executor: ...

    def __exit__(self, *_: object) -> None: ...

    def poll(self) -> list[Task]:
        """Start what can be started; the tasks that have ended since the last call."""
        ...


class ProcessPool:
    """Tasks in the order of their urgency, at most so many at once."""

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
            except (subprocess.TimeoutExpired, KeyboardInterrupt):  # an impatient second Ctrl-C
                _signal(task, KILL)
                task.process.wait()

    def poll(self) -> list[Task]:
        """Start what there is room for; the tasks that have ended since the last call."""
        ended = []
        for task in self.tasks:
            if task.state == "running" and task.process is not None:
                task.status = task.process.poll()
                if task.status is not None:
                    for reader in task.readers:  # not for ever: a grandchild may hold the pipe
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
        """Whether nothing is left to wait for."""
        return all(task.finished for task in self.tasks)

    def _start(self, task: Task) -> None:
        task.begun, task.state = time.perf_counter(), "running"
        try:
            task.process = subprocess.Popen(
                task.command, env=self.environ, stdin=subprocess.DEVNULL, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                start_new_session=True,  # Ctrl-C comes to us, and we pass it on once
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
    """To the child and to whatever it has started: it leads a process group of its own."""
    assert task.process is not None
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(task.process.pid, number)
        else:
            task.process.terminate()

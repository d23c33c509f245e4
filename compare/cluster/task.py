"""What a worker does: one cell, in a process and a folder of its own, whose records it sends back.

The folder is on the worker and goes away with the cell: the worker may be on another machine, and
whatever it leaves half done is nobody's. Only the files of complete records travel.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from distributed import Worker, get_worker

from compare import fingerprint
from compare.process_pool import ProcessPool, Task

POLL_INTERVAL = 0.1  # seconds between two looks at the process
REPORT_INTERVAL = 1.0  # seconds between two lines that are passed on
GUARD = Path(__file__).with_name("orphan_guard.py")
COMPLETE = "complete: "  # how a lesson says where its record is

Files = dict[str, bytes]


class Abandoned(Exception):
    """Nobody waits for this cell any more, or its worker is closing."""


class VersionMismatch(Exception):
    """This worker has other code or other versions than who asks."""


@dataclass(frozen=True)
class TaskOrder:
    """What is asked of a worker."""

    number: int  # of the cell
    topic: str  # under which it tells how far it is
    arguments: tuple[str, ...]  # what Python is told to run, but for --out
    fingerprint: dict[str, str]  # that must be here


@dataclass(frozen=True)
class TaskResult:
    """How a cell ended, and the records that it made."""

    status: int
    seconds: float
    out: list[str]
    err: list[str]
    records: dict[str, Files]  # under lesson3/torch-float32-cpu-seed0


def dask_setup(_: Worker) -> None:
    """Leave Ctrl-C, which a terminal sends to a whole group, to who was asked: dask calls this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(order: TaskOrder) -> TaskResult:
    """Run a cell; raises VersionMismatch where it would not be the same cell."""
    worker = get_worker()
    _report(order, worker, "")
    differs = fingerprint.difference(
        order.fingerprint, fingerprint.installed(order.fingerprint.keys() - {"code", "python"})
    )
    if differs:
        raise VersionMismatch(f"the worker {worker.address} has {differs}")
    with tempfile.TemporaryDirectory(prefix="triptych-cell-") as folder:
        command = [sys.executable, *order.arguments, f"--out={folder}"]
        guarded = [sys.executable, "-I", str(GUARD), str(os.getpid()), folder, *command]
        task = Task("cell", guarded)
        surroundings = {
            "PYTHONPATH": str(fingerprint.ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
        }
        with ProcessPool([task], 1, os.environ | surroundings) as pool:
            _watch(order, task, pool, worker)
        if not task.finished:
            raise Abandoned(f"the worker {worker.address} is closing")
        records = {} if task.state == "failed" else _records(task, Path(folder))
    status = 1 if task.status is None else task.status  # None: it could not be started
    return TaskResult(status, task.seconds, task.out, task.err, records)


def _watch(order: TaskOrder, task: Task, pool: ProcessPool, worker: Worker) -> None:
    """Until it has ended, or nobody waits for it any more: leaving then ends the process."""
    key, reported = worker.get_current_task(), ""
    due = time.monotonic() + REPORT_INTERVAL
    while not pool.finished:
        pool.poll()
        if task.line != reported and time.monotonic() > due:
            reported, due = task.line, time.monotonic() + REPORT_INTERVAL
            _report(order, worker, reported)
        task_state = worker.state.tasks.get(key)
        if task_state is None or task_state.state != "executing" or worker.status.name != "running":
            return
        time.sleep(POLL_INTERVAL)


def _report(order: TaskOrder, worker: Worker, line: str) -> None:
    news = {"cell": order.number, "worker": worker.address, "line": line}
    worker.log_event(order.topic, news)


def _records(task: Task, home: Path) -> dict[str, Files]:
    folders = [Path(line.removeprefix(COMPLETE)) for line in task.out if line.startswith(COMPLETE)]
    return {
        folder.relative_to(home).as_posix(): {
            file.name: file.read_bytes() for file in folder.iterdir()
        }
        for folder in folders
    }

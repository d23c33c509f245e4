"""What a worker does: run one task in a process and a folder of its own, and return its files.

The folder is on the worker, which may be another machine, and is removed with the task. Only the
files of complete records are sent back.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from distributed import Worker, get_worker

from compare import fingerprint
from compare.process_pool import ProcessPool, Task
from course import result_file
from course.digests import ROOT

POLL_INTERVAL = 0.1  # seconds between two checks of the process
REPORT_INTERVAL = 1.0  # seconds between two lines that are sent to the user's machine
GUARD = Path(__file__).with_name("orphan_guard.py")

Files = dict[str, bytes]


class Abandoned(Exception):
    """The task was cancelled, or its worker is closing."""


class VersionMismatch(Exception):
    """This worker's code or versions are not those of the user's machine."""


@dataclass(frozen=True)
class TaskOrder:
    """A task for a worker."""

    number: int
    topic: str  # of the events that report its progress
    arguments: tuple[str, ...]  # Python's arguments, without --out
    fingerprint: dict[str, str]  # the worker's must be the same


@dataclass(frozen=True)
class TaskResult:
    """How a task ended, and its records."""

    status: int
    seconds: float
    out: list[str]
    err: list[str]
    records: dict[str, Files]  # by folder name, such as lesson3/torch-float32-cpu-seed0


def dask_setup(_: Worker) -> None:
    """Ignore Ctrl-C, which a terminal sends to the whole group; dask calls this at the start."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(order: TaskOrder) -> TaskResult:
    """Run a lesson; raises VersionMismatch if this worker would not compute the same."""
    with tempfile.TemporaryDirectory(prefix="triptych-cell-") as folder:
        result = Path(folder, "result.json")
        task = ended(order, folder, [f"--out={folder}", f"--result={result}"])
        records = {} if task.state == "failed" else _records(result_file.read(result), Path(folder))
    return _result(task, records)


def run_release(order: TaskOrder) -> TaskResult:
    """Measure a release; its row of the ledger is a record of one file, and has its name."""
    with tempfile.TemporaryDirectory(prefix="triptych-release-") as folder:
        task = ended(order, folder, [f"--out={folder}"])
        rows = {file.name: {file.name: file.read_bytes()} for file in Path(folder).glob("*.json")}
    return _result(task, rows)


def ended(order: TaskOrder, folder: str, outputs: Sequence[str]) -> Task:
    """Run an order's command in a folder to its end.

    Raises VersionMismatch if this worker would not compute the same, and Abandoned if the task is
    cancelled.
    """
    worker = get_worker()
    _report(order, worker, "")
    differs = fingerprint.difference(
        order.fingerprint, fingerprint.installed(order.fingerprint.keys() - {"code", "python"})
    )
    if differs:
        raise VersionMismatch(f"the worker {worker.address} has {differs}")
    command = [sys.executable, *order.arguments, *outputs]
    task = Task("task", [sys.executable, "-I", str(GUARD), str(os.getpid()), folder, *command])
    surroundings = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    with ProcessPool([task], 1, os.environ | surroundings) as pool:
        _watch(order, task, pool, worker)
    if not task.finished:
        raise Abandoned(f"the worker {worker.address} is closing")
    return task


def _result(task: Task, records: dict[str, Files]) -> TaskResult:
    status = 1 if task.status is None else task.status  # None: the process could not start
    return TaskResult(status, task.seconds, task.out, task.err, records)


def _watch(order: TaskOrder, task: Task, pool: ProcessPool, worker: Worker) -> None:
    """Wait until the task ends or is cancelled; leaving the block then ends the process."""
    key, reported = worker.get_current_task(), ""
    due = time.monotonic() + REPORT_INTERVAL
    while not pool.finished:
        pool.poll()
        if task.line != reported and time.monotonic() > due:
            reported, due = task.line, time.monotonic() + REPORT_INTERVAL
            _report(order, worker, reported)
        task_state = worker.state.tasks.get(key)
        executing = task_state is not None and task_state.state == "executing"
        if not executing or worker.status.name != "running":
            return
        time.sleep(POLL_INTERVAL)


def _report(order: TaskOrder, worker: Worker, line: str) -> None:
    news = {"task": order.number, "worker": worker.address, "line": line}
    worker.log_event(order.topic, news)


def _records(folders: list[Path], home: Path) -> dict[str, Files]:
    return {
        folder.relative_to(home).as_posix(): {
            file.name: file.read_bytes() for file in folder.iterdir()
        }
        for folder in folders
    }

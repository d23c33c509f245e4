"""Start this machine's workers, watch them, and end them all: whatever happens, none is left.

A worker counts in a shared file whenever it enters or leaves a collective computation. If one waits
inside for longer than the job's timeout, another one is late or has stopped, and the message names
it. A worker that dies is noticed at once. To end the workers the launcher closes their standard
input, which also happens if the launcher is killed; those that do not end are killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from struct import unpack
from typing import IO

from adapters.contract import TriptychError
from adapters.parallel import WORD
from course.settings import ROOT
from course.workers.job import Job
from course.workers.worker import LOST

POLL = 0.05  # seconds between two checks
# Seconds in which workers may end by themselves: most notice when another one has died.
GRACE = 3.0


class Ended(TriptychError):
    """The workers ended without finishing the lesson."""


@dataclass
class Worker:
    """A worker's process and its progress."""

    rank: int
    process: subprocess.Popen[bytes]
    folder: Path
    count: int = 0  # the last value of its counter
    since: float = field(default_factory=time.monotonic)  # when the counter changed last

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs, and negative if a signal has ended it."""
        return self.process.poll()

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped by SIGSTOP; False where the system has no /proc."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return False
        return stat.rsplit(")", 1)[1].split()[0] == "T"

    def last_error(self) -> str:
        """The last error message on its standard error, or else the last line."""
        text = (self.folder / "stderr.txt").read_text(errors="replace")
        lines = [line for line in text.splitlines() if line.strip()]
        errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        return (errors or lines or [""])[-1].strip()[:300]


def run(job: Job) -> int:
    """Run this machine's workers to the end; return the first worker's exit status.

    Raises Ended, with a message of one line, if a worker died, stopped or was too slow.
    """
    folder = Path(tempfile.mkdtemp(prefix="triptych-workers-"))
    workers: list[Worker] = []
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        (folder / "job.json").write_text(job.to_json())
        (folder / "progress").write_bytes(bytes(WORD * len(job.addresses)))
        for rank in job.ranks:  # one by one: if one fails, those before it have to be ended
            workers += [_start(rank, folder)]
        return _watch(job, workers, folder / "progress")
    except KeyboardInterrupt:
        _interrupt_first(workers)
        raise
    finally:
        # An impatient second Ctrl-C must not leave a worker behind.
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(workers)
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, handler)


def _start(rank: int, job: Path) -> Worker:
    folder = job / f"worker{rank}"
    folder.mkdir()
    with (folder / "stdout.txt").open("wb") as out, (folder / "stderr.txt").open("wb") as err:
        stdout: IO[bytes] | None = None if rank == 0 else out
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "course.workers.worker", str(job / "job.json"), str(rank)],
            stdin=subprocess.PIPE, stdout=stdout, stderr=err,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,  # Ctrl-C reaches only the launcher, which passes it on
        )  # fmt: skip
    return Worker(rank, process, folder)


def _watch(job: Job, workers: list[Worker], progress: Path) -> int:
    while True:
        first = workers[0]
        # Then the record is complete, and it does not matter how the others end.
        if all(w.status == 0 for w in ([first] if first.rank == 0 else workers)):
            return 0
        gone = [w for w in workers if w.status not in (None, 0)]
        if gone:
            return _explain(job, workers)
        late = _late(job, workers, progress)
        if late is not None:
            raise Ended(late + _advice(job))
        time.sleep(POLL)


def _explain(job: Job, workers: list[Worker]) -> int:
    """Find the worker that failed first, and raise Ended with the reason.

    The others have a moment to end by themselves.
    """
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(w.status is None for w in workers):
        time.sleep(POLL)
    gone = [w for w in workers if w.status not in (None, 0)]
    # A signal is a cause, except SIGABRT, by which a framework ends itself. Next comes an error of
    # the lesson, which the first worker reports as any lesson does. A worker that lost the others
    # is a victim.
    killed = [w for w in gone if (w.status or 0) < 0 and w.status != -signal.SIGABRT]
    failed = [w for w in gone if w.status not in (LOST, -signal.SIGABRT)]
    cause = (killed or failed or gone)[0]
    if cause.status is not None and cause.status < 0:
        name = signal.Signals(-cause.status).name
        raise Ended(
            f"worker {cause.rank} of {len(job.addresses)} was killed ({name})" + _advice(job)
        )
    stopped = [w for w in workers if w.is_stopped]
    if cause not in failed and stopped:  # some frameworks give up before their timeout
        raise Ended(
            f"worker {stopped[0].rank} of {len(job.addresses)} is stopped: the others gave up"
            + _advice(job)
        )
    if cause.status == LOST:
        raise Ended(cause.last_error() + _advice(job))
    raise Ended(cause.last_error() or f"worker {cause.rank} ended with status {cause.status}")


def _late(job: Job, workers: list[Worker], progress: Path) -> str | None:
    """A message that names the late worker, if another one has waited for too long."""
    now, size = time.monotonic(), len(job.addresses)
    counts = unpack(f"={size}q", progress.read_bytes())
    for worker in workers:
        if counts[worker.rank] != worker.count:
            worker.count, worker.since = counts[worker.rank], now
    stopped = [w for w in workers if w.is_stopped]
    # A finished worker counts as waiting only if another is stopped: the first one may still draw.
    waiting = [
        w for w in workers
        if now - w.since > job.timeout and (w.count % 2 or (w.status == 0 and stopped))
    ]  # fmt: skip
    if not waiting:
        return None
    behind = [w for w in workers if w.count < max(w.count for w in waiting)]
    if culprits := [w for w in stopped if w in behind] or stopped or behind:
        state = "is stopped" if culprits[0] in stopped else "is too slow, or hangs"
        return (
            f"worker {culprits[0].rank} of {size} {state}: "
            f"the others waited for {job.timeout:g} s (WORKER_TIMEOUT=)"
        )
    return (
        f"no worker of this machine has made progress for {job.timeout:g} s (WORKER_TIMEOUT=): "
        "they wait for each other, or for another machine's"
    )


def _advice(job: Job) -> str:
    if job.settings.checkpoint is None:
        return "; all were ended: with CHECKPOINT=1 the training could resume, by RESUME=auto"
    return "; all were ended: RESUME=auto resumes from the last checkpoint, with any WORKERS="


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _interrupt_first(workers: list[Worker]) -> None:
    """Pass Ctrl-C to the first worker, which records the finished runs as any lesson does."""
    for worker in workers[:1]:
        if worker.rank == 0 and worker.status is None:
            worker.process.send_signal(signal.SIGINT)
            try:
                worker.process.wait(10 * GRACE)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                return


def _end(workers: list[Worker]) -> None:
    """Let the remaining workers end, then kill those that do not; stopped ones are killed too."""
    for worker in workers:
        assert worker.process.stdin is not None
        worker.process.stdin.close()
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(w.status is None and not w.is_stopped for w in workers):
        time.sleep(POLL)
    for worker in workers:
        worker.process.kill()
        worker.process.wait()

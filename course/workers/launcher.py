"""Start this machine's workers, watch them, and end them all: whatever happens, none is left.

A worker marks in a shared file when it enters and leaves what it does together with the others. If
one has waited inside for longer than the job's timeout, somebody has not come, or has stopped
within: that one is named. A worker that dies is seen at once. Workers are asked to end by closing
their standard input, which also happens if this process is killed, and are killed if they do not.
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

POLL = 0.05  # seconds between two looks
# The others notice a death by themselves, most of them: so long they have to leave tidily.
GRACE = 3.0


class Ended(TriptychError):
    """The workers ended otherwise than by finishing."""


@dataclass
class Worker:
    """A process, and what is known of its progress."""

    rank: int
    process: subprocess.Popen[bytes]
    folder: Path
    count: int = 0  # of its marks
    since: float = field(default_factory=time.monotonic)  # when it made the last one

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs, and negative if a signal has ended it."""
        return self.process.poll()

    @property
    def is_stopped(self) -> bool:
        """Whether somebody has stopped it (SIGSTOP); where the system does not say, no."""
        try:
            told = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return False
        return told.rsplit(")", 1)[1].split()[0] == "T"

    def last_words(self) -> str:
        """The last line it wrote to standard error that tells an error."""
        lines = (self.folder / "stderr.txt").read_text(errors="replace").splitlines()
        told = [line for line in lines if line.strip()]
        ours = [line.removeprefix("error: ") for line in told if line.startswith("error: ")]
        return (ours or told or [""])[-1].strip()[:300]


def run(job: Job) -> int:
    """Run this machine's workers to the end; the first worker's exit status.

    Raises Ended, in one line, where a worker died, stopped or was too slow.
    """
    folder = Path(tempfile.mkdtemp(prefix="triptych-workers-"))
    workers: list[Worker] = []
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        (folder / "job.json").write_text(job.written())
        (folder / "progress").write_bytes(bytes(WORD * len(job.addresses)))
        for rank in job.ranks:  # one by one: those that did start have to be ended
            workers += [_start(rank, folder)]
        return _watch(job, workers, folder / "progress")
    except KeyboardInterrupt:
        _interrupt_first(workers)
        raise
    finally:
        # An impatient second Ctrl-C must not leave a worker behind.
        pressed = signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(workers)
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, pressed)


def _start(rank: int, job: Path) -> Worker:
    folder = job / f"worker{rank}"
    folder.mkdir()
    with (folder / "stdout.txt").open("wb") as out, (folder / "stderr.txt").open("wb") as err:
        shown: IO[bytes] | None = None if rank == 0 else out
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "course.workers.worker", str(job / "job.json"), str(rank)],
            stdin=subprocess.PIPE, stdout=shown, stderr=err,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,  # Ctrl-C comes to us, and we pass it on
        )  # fmt: skip
    return Worker(rank, process, folder)


def _watch(job: Job, workers: list[Worker], progress: Path) -> int:
    while True:
        first = workers[0]
        # The record is complete: the others have nothing more to do, however they end.
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
    """Who was the first to go, and why; the others have a moment to follow by themselves."""
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(w.status is None for w in workers):
        time.sleep(POLL)
    gone = [w for w in workers if w.status not in (None, 0)]
    # A signal is a cause, but for the one by which a framework ends itself; then comes an error of
    # the lesson, which the first worker tells like any lesson; what lost the others is a victim.
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
        raise Ended(cause.last_words() + _advice(job))
    raise Ended(cause.last_words() or f"worker {cause.rank} ended with status {cause.status}")


def _late(job: Job, workers: list[Worker], progress: Path) -> str | None:
    """Who keeps the others waiting, if somebody waited too long."""
    now, size = time.monotonic(), len(job.addresses)
    counts = unpack(f"={size}q", progress.read_bytes())
    for worker in workers:
        if counts[worker.rank] != worker.count:
            worker.count, worker.since = counts[worker.rank], now
    stopped = [w for w in workers if w.is_stopped]
    # Who has finished waits only for somebody who will not: the first draws its figures meanwhile.
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
        f"no worker of this machine has gone on for {job.timeout:g} s (WORKER_TIMEOUT=): "
        "they wait for each other, or for another machine's"
    )


def _advice(job: Job) -> str:
    if job.settings.checkpoint is None:
        return "; all were ended: CHECKPOINT=1 would have kept what was done, for RESUME=auto"
    return "; all were ended: RESUME=auto goes on from the last checkpoint, with any WORKERS="


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _interrupt_first(workers: list[Worker]) -> None:
    """Ctrl-C: the first worker keeps what is finished, as a lesson does."""
    for worker in workers[:1]:
        if worker.rank == 0 and worker.status is None:
            worker.process.send_signal(signal.SIGINT)
            try:
                worker.process.wait(10 * GRACE)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                return


def _end(workers: list[Worker]) -> None:
    """Ask whoever is left to go, then make them: a stopped process can be killed, too."""
    for worker in workers:
        assert worker.process.stdin is not None
        worker.process.stdin.close()
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(w.status is None and not w.is_stopped for w in workers):
        time.sleep(POLL)
    for worker in workers:
        worker.process.kill()
        worker.process.wait()

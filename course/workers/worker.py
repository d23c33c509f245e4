"""One worker: the whole lesson, as on one; but only worker 0 prints, draws and writes.

python -m course.workers.worker JOB.json RANK
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

import click

from course.__main__ import leave, settle

LOST = 75  # the status of a worker that lost the others; in sysexits.h, a failure that may pass
LARGEST_JOB = 10_000_000  # bytes; one for 1,024 workers has some 50 thousand
PARENT_DEATH = 1  # PR_SET_PDEATHSIG


def watch_launcher() -> None:
    """End when our standard input does: the launcher has closed it, or is no more.

    In a thread, for the main one may be inside a framework, waiting for somebody who is gone. A
    stopped process reads nothing, so on Linux the kernel is asked to end it with the launcher too.
    """
    threading.Thread(target=_leave_with_launcher, daemon=True).start()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


def _leave_with_launcher() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    from course import lesson_context

    for lesson in lesson_context.waiting:
        with contextlib.suppress(Exception):
            lesson.abandon()
    os._exit(LOST)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("rank", type=int)
def worker(file: Path, rank: int) -> None:
    """Run a job's lesson as one of its workers."""
    from adapters.parallel import WorkersLost
    from course.runner import run_seeds
    from course.workers.job import Job
    from datasets.files import content

    job = Job.read(content(file, LARGEST_JOB).decode())
    settings = replace(job.settings, world=job.world(rank, file.with_name("progress")))
    if rank:
        settings = replace(settings, out=str(file.with_name(f"worker{rank}")), draw=False)
    try:
        run_seeds(job.lesson, settings, job.seeds)
    except WorkersLost as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(LOST)


if __name__ == "__main__":
    settle()
    watch_launcher()
    from course.cli_errors import run

    try:
        run(worker, "worker")
    except SystemExit as end:
        leave(end.code)

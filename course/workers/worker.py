"""One worker: it runs the whole lesson, but only worker 0 prints, draws and writes.

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
from typing import Any

import click

from course.own_process import clean_environment, leave

LOST = 75  # exit status of a worker that lost the others; EX_TEMPFAIL in sysexits.h
LARGEST_JOB = 10_000_000  # bytes; one for 1,024 workers has some 50 thousand
PARENT_DEATH = 1  # PR_SET_PDEATHSIG
running: list[Any] = []  # the Lesson of this process, while it runs


def watch_launcher() -> None:
    """End this process when the launcher closes our standard input or is gone.

    In a thread, because the main one may be inside a framework, waiting for a worker that is gone.
    A stopped process reads nothing, so on Linux the kernel also kills it when the launcher ends.
    """
    threading.Thread(target=_leave_with_launcher, daemon=True).start()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


def _leave_with_launcher() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    for lesson in running:
        with contextlib.suppress(Exception):
            lesson.abandon()
    os._exit(LOST)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("rank", type=int)
def worker(file: Path, rank: int) -> None:
    """Run a job's lesson as one of its workers."""
    from adapters.parallel import WorkersLost
    from course.lesson_context import LessonContext
    from course.runner import run_seeds
    from course.workers.job import Job
    from datasets.files import content

    job = Job.from_json(content(file, LARGEST_JOB).decode())
    settings = replace(job.settings, world=job.world(rank, file.with_name("progress")))
    if rank:
        settings = replace(settings, out=str(file.with_name(f"worker{rank}")), draw=False)
    try:
        result = Path(job.result) if job.result is not None and rank == 0 else None
        context = LessonContext(started=running.append, ended=running.remove)
        run_seeds(job.lesson, settings, job.seeds, result, context)
    except WorkersLost as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(LOST)


if __name__ == "__main__":
    clean_environment()
    watch_launcher()
    from course.cli_errors import run

    try:
        run(worker, "worker")
    except SystemExit as end:
        leave(end.code)

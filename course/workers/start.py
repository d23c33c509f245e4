"""`make lesson4 WORKERS=2`: from what the command line says to workers that run."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence

from adapters.contract import require
from course.console import console
from course.settings import Settings
from course.workers import addresses, job, launcher


def start(
    lesson: int, settings: Settings, seeds: int, *, size: int, timeout: float,
    hosts: str | None, host: int | None, dry_run: bool,
) -> int:  # fmt: skip
    """Run a lesson on several workers; the exit status of the first.

    Raises SettingsError before anything is started, and launcher.Ended where a worker is lost.
    """
    settings = job.check(lesson, settings)
    require(host is None or hosts is not None, "HOST= is a line of HOSTS=: give that, too")
    planned = addresses.of_scheduler(os.environ, size) if hosts is None else None
    if hosts is not None:
        planned = addresses.of_file(hosts, size, host)
    if dry_run:
        _say_what_to_type(sys.argv[1:], hosts, planned or addresses.local(size))
        return 0
    planned = planned or addresses.local(size)
    require(
        bool(planned.here),
        f"HOSTS={hosts} names several machines: say which of its lines this one is, HOST=1 or on; "
        "--dry-run prints what to type on each",
    )
    return launcher.run(job.Job(lesson, settings, seeds, planned.addresses, planned.here, timeout))


def _say_what_to_type(
    arguments: Sequence[str], hosts: str | None, planned: addresses.Places
) -> None:
    words = [w for w in arguments if w != "--dry-run" and not w.startswith("--host=")]
    if hosts is None:
        where = ", ".join(planned.addresses[rank] for rank in planned.here)
        _print(f"here, worker {', '.join(map(str, planned.here))} at {where}:", words)
        return
    for number, machine in enumerate(addresses.machines(hosts), 1):
        _print(f"on {machine.address}:", [*words, f"--host={number}"])


def _print(place: str, words: Sequence[str]) -> None:
    console.print(place, markup=False)
    console.print(f"  python kit.py {shlex.join(words)}", markup=False)

"""`make lesson4 WORKERS=2`: turn the command line into a job, and launch its workers."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from adapters.contract import require
from course.console import console
from course.settings import Settings
from course.workers import addresses, job, launcher


def start(
    lesson: int, settings: Settings, seeds: int, *, size: int, timeout: float,
    hosts: str | None, host: int | None, dry_run: bool, result: Path | None = None,
) -> int:  # fmt: skip
    """Run a lesson on several workers; return the first worker's exit status.

    Raises SettingsError before anything is started, and launcher.Ended if a worker is lost.
    """
    settings = job.check(lesson, settings)
    require(host is None or hosts is not None, "HOST= is a line number of HOSTS=: give HOSTS= too")
    planned = addresses.of_scheduler(os.environ, size) if hosts is None else None
    if hosts is not None:
        planned = addresses.of_file(hosts, size, host)
    if dry_run:
        _print_commands(sys.argv[1:], hosts, planned or addresses.local(size))
        return 0
    planned = planned or addresses.local(size)
    require(
        bool(planned.here),
        f"HOSTS={hosts} names several machines: give this machine's line as HOST=1 or higher; "
        "--dry-run prints the command for each",
    )
    file = None if result is None else str(result.absolute())
    return launcher.run(
        job.Job(lesson, settings, seeds, planned.addresses, planned.here, timeout, file)
    )


def _print_commands(arguments: Sequence[str], hosts: str | None, planned: addresses.Places) -> None:
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

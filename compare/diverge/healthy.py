"""Check that the search accuses no healthy backend: `python -m compare.diverge.healthy`.

A run is one lesson on one backend with one seed. All backends of a lesson and a seed are compared
in every pair, by their traces. A pair that is over a budget is searched as a user's would be, and
counts unless rounding is found to have caused it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from adapters import BACKENDS
from compare.diverge.diagnose import compare, diagnose
from compare.diverge.gap import first_over
from compare.diverge.report import kind
from compare.diverge.side import Setting, Side
from course.cli_errors import run
from course.options import Whole

LESSONS = (1, 2, 3, 4, 7)
SEEDS = 5  # with eight backends and five lessons: two hundred runs


def trace_all(backend: str, settings: Sequence[Setting], folder: Path) -> None:
    """Trace all of these settings on a backend, one after the other in one process."""
    with Side(backend, settings[0], folder) as first:
        side = first
        for setting in settings:
            if not Side(backend, setting, folder).is_traced():
                side = side.become(setting)
                side.trace_file()
        first.process = side.process


def accusations(setting: Setting, folder: Path, backends: Sequence[str]) -> list[str]:
    """What is said of any backend of this setting, beside rounding."""
    found = []
    for one, other in combinations(backends, 2):
        with Side(one, setting, folder) as a, Side(other, setting, folder) as b:
            over = [first_over(gaps) for gaps in compare(a, b, [], []).values()]
            if any(over):
                divergences = diagnose(a, b).divergences
                found += [f"{one}, {other}: {d.gap} ({kind(d)})" for d in divergences if not d.flip]
    return found


@click.command(help="Compare healthy backends in every pair; exits with 1 if one is accused.")
@click.option("--lesson", "lessons", type=Whole(min=1), multiple=True, default=LESSONS)
@click.option("--seeds", type=Whole(min=1), default=SEEDS, show_default=True)
@click.option("--first-seed", type=Whole(min=0), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A folder to leave the traces in.")
def healthy(lessons: tuple[int, ...], seeds: int, first_seed: int, out: Path | None) -> None:
    """Print a line for each lesson and seed, and the number of runs at the end."""
    backends = [name for name, backend in BACKENDS.items() if not backend.missing]
    start, runs, accused = time.perf_counter(), 0, 0
    seeds_of = range(first_seed, first_seed + seeds)
    settings = [Setting(lesson, seed=seed) for lesson in lessons for seed in seeds_of]
    with TemporaryDirectory(prefix="triptych-healthy-") as scratch:
        folder = out or Path(scratch)
        for backend in backends:
            trace_all(backend, settings, folder)
            click.echo(f"{backend}: {len(settings)} runs traced")
        for setting in settings:
            found = accusations(setting, folder, backends)
            runs, accused = runs + len(backends), accused + len(found)
            click.echo(f"{setting.title}, seed {setting.seed}: {'; '.join(found) or 'nobody'}")
    seconds = time.perf_counter() - start
    click.echo(f"{runs} runs, {accused} accusations, {seconds / 60:.0f} minutes")
    sys.exit(bool(accused))


if __name__ == "__main__":
    run(healthy, "healthy")

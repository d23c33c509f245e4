"""python -m benchmarks: compare each backend's `epoch` with a native program and the limit.

First one process per backend, in which the backend, the lesson's native program in its framework
and the matrix products alternate; then the fastest backend, the fastest products and scikit-learn's
program, in processes that alternate; then fresh processes, which train from the start. Every
measurement is written to disk at once: --resume=auto continues a run that was stopped.

Exit status 0 whatever the numbers are, 1 if a measurement failed, 2 for wrong input.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np

from adapters import BACKENDS, require_installed
from benchmarks import report
from benchmarks.interleaving import take_turns
from benchmarks.matmul_limit import BLAS
from benchmarks.native_program import NoEpochs, in_pieces
from benchmarks.problem import LESSONS, data_file
from benchmarks.results_store import ResultsStore, busy
from compare.native.programs import file_of
from course.cli_errors import check_folder, check_place
from course.cli_errors import run as run_command
from course.console import console
from course.json_process import JsonProcess, ProcessFailed
from course.options import Number, OneOf, SeveralOf, Whole
from course.settings import MOST_THREADS

STARTS = 3  # fresh processes of each backend and each native program
QUIET = 0.5  # load of other processes; above it the spread grows
PATIENCE = 240.0  # seconds for one answer; compilation may take a minute on a busy machine


def backends_in(names: list[str] | None) -> list[str]:
    """The backends named, or all; raises SettingsError for one that is not installed."""
    chosen = names or list(BACKENDS)
    for name in chosen:
        require_installed(name)
    return chosen


def measure(results: ResultsStore, name: str, what: Callable[[], dict[str, Any]]) -> None:
    """Measure something unless it is in the results, store it, and print a line."""
    if name in results:
        return
    started_at = time.perf_counter()
    try:
        value = what()
    except ProcessFailed as error:
        value = {"failed": str(error)}
    seconds = time.perf_counter() - started_at
    results.store(name, value, seconds)
    outcome = f"failed: {value['failed']}" if "failed" in value else f"{seconds:.0f} s"
    console.print(f"  {name}: {outcome}", markup=False)


def write_fixed(lesson: int, threads: int, folder: Path) -> None:
    """Write what a lesson fixes, in a process: Linux adds what this one holds to a child's peak."""
    options = (f"--lesson={lesson}", f"--threads={threads}", f"--folder={folder}")
    with JsonProcess("benchmarks.problem", *options, patience=PATIENCE) as process:
        process.answer()


def worker(backend: str, threads: int, folder: Path) -> JsonProcess:
    """A process that times a backend and what it is compared with."""
    options = (f"--backend={backend}", f"--threads={threads}", f"--folder={folder}")
    return JsonProcess("benchmarks.worker", *options, patience=PATIENCE)


def paces(
    results: ResultsStore, backend: str, lessons: Sequence[int], folder: Path, seconds: float
) -> None:
    """Time the backend, the native program and the products alternately, on each network."""
    todo = [n for n in lessons if f"pace {backend} lesson {n}" not in results]
    if not todo:
        return
    with worker(backend, results.card["threads"], folder) as process:
        for lesson in todo:

            def pace(lesson: int = lesson) -> dict[str, Any]:
                names = ("backend", "program", "products")
                return {"laps": take_turns([(n, process) for n in names], lesson, seconds)}

            measure(results, f"pace {backend} lesson {lesson}", pace)


def fastest(results: ResultsStore, names: Sequence[str], who: str, lesson: int) -> str | None:
    """The backend whose implementation `who` has the smallest median on a lesson's network."""
    measured = {name: results.measured.get(f"pace {name} lesson {lesson}", {}) for name in names}
    medians = {
        name: float(np.median(pace["laps"][who]))
        for name, pace in measured.items()
        if who in pace.get("laps", {})
    }
    return min(medians, key=lambda name: medians[name]) if medians else None


def final(
    results: ResultsStore, names: list[str], lesson: int, folder: Path, seconds: float
) -> None:
    """Time the fastest backend, scikit-learn's program and the fastest products in processes."""
    best = fastest(results, names, "backend", lesson)
    limit = fastest(results, [name for name in names if BLAS[name] == name], "products", lesson)
    if best is None or limit is None or f"final lesson {lesson}" in results:
        return
    try:
        in_pieces(file_of(lesson, "sklearn"))
    except (NoEpochs, FileNotFoundError) as error:
        console.print(f"  not compared: {error}", markup=False)
        return

    def race() -> dict[str, Any]:
        a, b, c = (worker(name, results.card["threads"], folder) for name in (best, "numpy", limit))
        with a, b, c:
            three = list(zip(("backend", "sklearn", "products"), (a, b, c), strict=True))
            laps = take_turns(three, lesson, seconds)
        return {"laps": laps, "backend": best, "products": limit}

    measure(results, f"final lesson {lesson}", race)


def starts(results: ResultsStore, backend: str, lesson: int, who: str, folder: Path) -> None:
    """Measure fresh processes that train the network of a lesson for two epochs."""
    data = data_file(folder, lesson, "whole")

    def some() -> dict[str, Any]:
        options = {"who": who, "lesson": lesson, "data": data}
        all_costs = [started(backend, results.card["threads"], **options) for _ in range(STARTS)]
        return {key: [costs[key] for costs in all_costs] for key in ("seconds", "peak_mb")}

    measure(results, f"whole {backend} {who} lesson {lesson}", some)


def started(backend: str, threads: int, **options: object) -> dict[str, Any]:
    """What a fresh process answers, and the seconds until then."""
    arguments = [f"--backend={backend}", f"--threads={threads}"]
    arguments += [f"--{name}={value}" for name, value in options.items()]
    with JsonProcess("benchmarks.cold_start", *arguments, patience=PATIENCE) as process:
        costs = process.answer()
        return costs | {"seconds": time.perf_counter() - process.started_at}


def warn_if_busy() -> None:
    """Print a line if other processes are busy on this machine."""
    load = busy()
    if load is not None and load > QUIET:
        console.print(f"the machine is busy (load {load:.1f}): expect a wide spread", markup=False)


def options(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of both commands. what: a description of the page that is written."""
    shared = (
        click.option("--backends", type=SeveralOf(BACKENDS, "backend"),
                     help="Backends, in quotes  [default: all]"),
        click.option(
            "--threads", type=Whole(1, MOST_THREADS), default=os.cpu_count() or 1,
            help="Threads of each implementation  [default: all cores, as in a user's script]",
        ),
        click.option("--out", default="results", show_default=True),
        click.option("--report", "page", type=click.Path(path_type=Path), help=f"Write {what}."),
        click.option("--resume", type=OneOf(["auto"]),
                     help="Keep what has been measured before."),
    )  # fmt: skip

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(shared):
            command = option(command)
        return command

    return decorated


@click.command(help="Each backend's epoch against a native program and the limit, in turn.")
@options("the page (docs/reports/speed.md) and its figure")
@click.option("--lessons", type=SeveralOf(map(str, LESSONS), "lesson"),
              help="Whose networks, in quotes  [default: all with epochs of batches]")  # fmt: skip
@click.option(
    "--seconds",
    type=Number(min=0),
    default=6.0,
    show_default=True,
    help="Seconds of laps for each backend and network; at least five rounds.",
)
def bench(
    backends: list[str] | None, lessons: list[str] | None, threads: int, seconds: float, out: str,
    page: Path | None, resume: str | None,
) -> None:  # fmt: skip
    """Measure, print the tables, and write the page."""
    measured, chosen = backends_in(backends), [int(n) for n in lessons or LESSONS]
    folder = Path(out).expanduser().absolute() / "bench"
    check_folder(folder)
    if page is not None:
        check_place(page)
    results = ResultsStore(folder / "bench.json", threads, resume is not None)
    warn_if_busy()
    console.print(f"{len(measured)} backends, {threads} threads", markup=False)
    with TemporaryDirectory(prefix="triptych-bench-") as temporary:
        fixed = Path(temporary)
        for lesson in chosen:
            write_fixed(lesson, threads, fixed)
        for backend in measured:
            paces(results, backend, chosen, fixed, seconds)
        for lesson in chosen:
            final(results, measured, lesson, fixed, seconds)
        for backend in measured:
            for who in ("backend", "program"):
                starts(results, backend, chosen[-1], who, fixed)
    results.card["busy_after"] = busy()
    results.store("end", {}, 0.0)
    report.print_tables(results)
    if page is not None:
        report.write(results, page)
    console.print(f"{results.seconds / 60:.1f} minutes; {results.file}", markup=False)
    sys.exit(any("failed" in value for value in results.measured.values()))


if __name__ == "__main__":
    run_command(bench, "bench")

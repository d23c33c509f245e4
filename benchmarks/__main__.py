"""python -m benchmarks: compare each backend's `epoch` with its users' usual loop and the limit.

First one process per backend, in which the backend and its peer alternate; then the fastest
backend, the fastest matrix products and scikit-learn, in processes that alternate; then fresh
processes, for the first step and the memory. Every measurement is written to disk at once:
--resume=auto continues a run that was stopped.

Exit status 0 whatever the numbers are, 1 if a measurement failed, 2 for wrong input.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from adapters import BACKENDS, require_installed
from benchmarks import implementations, report
from benchmarks.interleaving import take_turns
from benchmarks.matmul_limit import BLAS
from benchmarks.problem import NETWORKS
from benchmarks.results_store import ResultsStore, busy
from course.cli_errors import check_folder, check_place
from course.cli_errors import run as run_command
from course.console import console
from course.json_process import JsonProcess, ProcessFailed
from course.options import Number, OneOf, SeveralOf, Whole
from course.settings import MOST_THREADS

STARTS = 3  # fresh processes of each backend and each peer
START_NETWORK = "784-256-10"
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


def worker(backend: str, threads: int) -> JsonProcess:
    """A process that times a backend and what it is compared with."""
    return JsonProcess(
        "benchmarks.worker", f"--backend={backend}", f"--threads={threads}", patience=PATIENCE
    )


def paces(
    results: ResultsStore, backend: str, networks: Sequence[str], threads: int, seconds: float
) -> None:
    """Time the backend, its peer and its products alternately, on each network."""
    todo = [network for network in networks if f"pace {backend} {network}" not in results]
    if not todo:
        return
    with worker(backend, threads) as process:
        for network in todo:

            def pace(network: str = network) -> dict[str, Any]:
                names = implementations.names(backend)
                laps, warm = take_turns([(n, process, n) for n in names], network, seconds)
                return {"laps": laps, "warm": warm}

            measure(results, f"pace {backend} {network}", pace)


def fastest(results: ResultsStore, names: Sequence[str], who: str, network: str) -> str | None:
    """The backend whose implementation `who` has the smallest median on a network."""
    measured = {name: results.measured.get(f"pace {name} {network}", {}) for name in names}
    medians = {
        name: float(np.median(pace["laps"][who]))
        for name, pace in measured.items()
        if who in pace.get("laps", {})
    }
    return min(medians, key=lambda name: medians[name]) if medians else None


def final(
    results: ResultsStore, names: list[str], network: str, threads: int, seconds: float
) -> None:
    """Time the fastest backend, the fastest products and scikit-learn, each in its process."""
    best = fastest(results, names, "backend", network)
    limit = fastest(results, [name for name in names if BLAS[name] == name], "products", network)
    if best is None or limit is None:
        return

    def race() -> dict[str, Any]:
        backends = (best, limit, "numpy")
        a, b, c = (worker(backend, threads) for backend in backends)
        with a, b, c:
            three = zip(("backend", "products", "sklearn"), (a, b, c), strict=True)
            laps, warm = take_turns([(who, at, who) for who, at in three], network, seconds)
        return {"laps": laps, "warm": warm, "backend": best, "products": limit}

    measure(results, f"final {network}", race)


def starts(results: ResultsStore, backend: str, who: str, threads: int) -> None:
    """Measure fresh processes, to the first step and to the end of two epochs."""

    def some() -> dict[str, Any]:
        values: dict[str, list[float]] = {"first_output": [], "first_step": [], "peak_mb": []}
        for _ in range(STARTS):
            for key, value in started(backend, threads, START_NETWORK, who=who).items():
                if key in values:
                    values[key].append(value)
        return values

    measure(results, f"start {backend} {who}", some)


def started(backend: str, threads: int, network: str, **options: object) -> dict[str, Any]:
    """The measurements of one fresh process, and the seconds until its first output."""
    arguments = [f"--backend={backend}", f"--threads={threads}", f"--network={network}"]
    arguments += [f"--{name}={value}" for name, value in options.items()]
    with JsonProcess("benchmarks.cold_start", *arguments, patience=PATIENCE) as process:
        first = process.answer()
        first_output = time.perf_counter() - process.started_at
        return first | {"first_output": first_output} | process.answer()


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


@click.command(help="Each backend's epoch against its users' own loop, in turn: ratios and goals.")
@options("the page (docs/reports/speed.md) and its figure")
@click.option("--networks", type=SeveralOf(NETWORKS, "network"),
              help="Of 784-10 784-256-10 784-512-512-10, in quotes  [default: all]")  # fmt: skip
@click.option(
    "--seconds",
    type=Number(min=0),
    default=6.0,
    show_default=True,
    help="Seconds of laps for each backend and network; at least five rounds.",
)
def bench(
    backends: list[str] | None, networks: list[str] | None, threads: int, seconds: float, out: str,
    page: Path | None, resume: str | None,
) -> None:  # fmt: skip
    """Measure, print the tables, and write the page."""
    measured, chosen = backends_in(backends), networks or list(NETWORKS)
    folder = Path(out).expanduser().absolute() / "bench"
    check_folder(folder)
    if page is not None:
        check_place(page)
    results = ResultsStore(folder / "bench.json", threads, resume is not None)
    warn_if_busy()
    console.print(f"{len(measured)} backends, {threads} threads", markup=False)
    for backend in measured:
        paces(results, backend, chosen, threads, seconds)
    for network in chosen:
        final(results, measured, network, threads, seconds)
    for backend in measured:
        for who in ("backend", "peer"):
            starts(results, backend, who, threads)
    results.card["busy_after"] = busy()
    results.store("end", {}, 0.0)
    report.print_tables(results)
    if page is not None:
        report.write(results, page)
    console.print(f"{results.seconds / 60:.1f} minutes; {results.file}", markup=False)
    sys.exit(any("failed" in value for value in results.measured.values()))


if __name__ == "__main__":
    run_command(bench, "bench")

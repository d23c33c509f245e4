"""python -m benchmarks: each engine's `epoch` against its users' own loop, and against the limit.

One process per engine, in which the engine and its peer take turns; then the fastest engine, the
fastest matrix products and scikit-learn, in processes that take turns; then processes that start
from nothing, for the first step and the memory. Every measurement is on disk as soon as it is
there: a run that was stopped goes on with --resume=auto.

Exit status 0 whatever the numbers are, 1 where a measurement failed, 2 for wrong input.
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

from adapters import ENGINES, require_installed
from benchmarks import contestants, report
from benchmarks.kept import Kept, busy
from benchmarks.problem import NETWORKS
from benchmarks.products import BLAS
from benchmarks.turns import Failed, Process, take_turns
from course.command import check_folder, check_place
from course.command import run as run_command
from course.console import console
from course.options import Number, OneOf, SeveralOf, Whole
from course.settings import MOST_THREADS

STARTS = 3  # processes from nothing, of each engine and each peer
START_NETWORK = "784-256-10"
QUIET = 0.5  # processes that want to run besides ours: with more, the spread grows


def engines_in(names: list[str] | None) -> list[str]:
    """The engines named, or all; each installed."""
    chosen = names or list(ENGINES)
    for name in chosen:
        require_installed(name)
    return chosen


def measure(kept: Kept, name: str, what: Callable[[], dict[str, Any]]) -> None:
    """Measure something unless it has been, keep it, and say so in a line."""
    if name in kept:
        return
    begun = time.perf_counter()
    try:
        value = what()
    except Failed as error:
        value = {"failed": str(error)}
    seconds = time.perf_counter() - begun
    kept.keep(name, value, seconds)
    said = f"failed: {value['failed']}" if "failed" in value else f"{seconds:.0f} s"
    console.print(f"  {name}: {said}", markup=False)


def worker(engine: str, threads: int) -> Process:
    """A process that holds the contestants of an engine."""
    return Process("benchmarks.worker", f"--engine={engine}", f"--threads={threads}")


def paces(kept: Kept, engine: str, networks: Sequence[str], threads: int, seconds: float) -> None:
    """The engine, its peer and its products in turn, on each network."""
    todo = [network for network in networks if f"pace {engine} {network}" not in kept]
    if not todo:
        return
    with worker(engine, threads) as process:
        for network in todo:

            def pace(network: str = network) -> dict[str, Any]:
                names = contestants.names(engine)
                laps, warm = take_turns([(n, process, n) for n in names], network, seconds)
                return {"laps": laps, "warm": warm}

            measure(kept, f"pace {engine} {network}", pace)


def fastest(kept: Kept, names: Sequence[str], who: str, network: str) -> str | None:
    """Of these engines, the one whose contestant has the smallest median on a network."""
    found = {name: kept.measured.get(f"pace {name} {network}", {}) for name in names}
    medians = {
        name: float(np.median(pace["laps"][who]))
        for name, pace in found.items()
        if who in pace.get("laps", {})
    }
    return min(medians, key=lambda name: medians[name]) if medians else None


def final(kept: Kept, names: list[str], network: str, threads: int, seconds: float) -> None:
    """The fastest engine against the fastest products and scikit-learn, each in its process."""
    best = fastest(kept, names, "engine", network)
    limit = fastest(kept, [name for name in names if BLAS[name] == name], "products", network)
    if best is None or limit is None:
        return

    def race() -> dict[str, Any]:
        engines = (best, limit, "numpy")
        a, b, c = (worker(engine, threads) for engine in engines)
        with a, b, c:
            three = zip(("engine", "products", "sklearn"), (a, b, c), strict=True)
            laps, warm = take_turns([(who, at, who) for who, at in three], network, seconds)
        return {"laps": laps, "warm": warm, "engine": best, "products": limit}

    measure(kept, f"final {network}", race)


def starts(kept: Kept, engine: str, who: str, threads: int) -> None:
    """From nothing to the first step, and to the end of two epochs."""

    def some() -> dict[str, Any]:
        told: dict[str, list[float]] = {"first_output": [], "first_step": [], "peak_mb": []}
        for _ in range(STARTS):
            for key, value in started(engine, threads, START_NETWORK, who=who).items():
                if key in told:
                    told[key].append(value)
        return told

    measure(kept, f"start {engine} {who}", some)


def started(engine: str, threads: int, network: str, **options: object) -> dict[str, Any]:
    """What one process from nothing says, and the seconds until it first said something."""
    given = [f"--{name}={value}" for name, value in options.items()]
    with Process(
        "benchmarks.start", f"--engine={engine}", f"--threads={threads}", f"--network={network}",
        *given,
    ) as process:  # fmt: skip
        first = process.answer()
        first_output = time.perf_counter() - process.begun
        return first | {"first_output": first_output} | process.answer()


def say_how_busy() -> None:
    """A line where somebody else is at work on this machine."""
    load = busy()
    if load is not None and load > QUIET:
        console.print(f"the machine is busy (load {load:.1f}): expect a wide spread", markup=False)


def options(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of both commands; what: the page that is written, in words."""
    shared = (
        click.option("--backends", type=SeveralOf(ENGINES, "backend"),
                     help="Engines, in quotes  [default: all]"),
        click.option(
            "--threads", type=Whole(1, MOST_THREADS), default=os.cpu_count() or 1,
            help="Threads of everybody  [default: all cores, as a user's script takes them]",
        ),
        click.option("--out", default="results", show_default=True),
        click.option("--report", "page", type=click.Path(path_type=Path), help=f"Write {what}."),
        click.option("--resume", type=OneOf(["auto"]),
                     help="Take what has been measured before."),
    )  # fmt: skip

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(shared):
            command = option(command)
        return command

    return decorated


@click.command(help="Each engine's epoch against its users' own loop, in turn: ratios and goals.")
@options("the page (docs/speed.md), its figure, and the table in the README")
@click.option("--networks", type=SeveralOf(NETWORKS, "network"),
              help="Of 784-10 784-256-10 784-512-512-10, in quotes  [default: all]")  # fmt: skip
@click.option(
    "--seconds",
    type=Number(min=0),
    default=6.0,
    show_default=True,
    help="Seconds of laps for each engine and network; at least five rounds.",
)
def bench(
    backends: list[str] | None, networks: list[str] | None, threads: int, seconds: float, out: str,
    page: Path | None, resume: str | None,
) -> None:  # fmt: skip
    """Measure, print, write."""
    engines, chosen = engines_in(backends), networks or list(NETWORKS)
    folder = Path(out).expanduser().absolute() / "bench"
    check_folder(folder)
    if page is not None:
        check_place(page)
    kept = Kept(folder / "bench.json", threads, resume is not None)
    say_how_busy()
    console.print(f"{len(engines)} engines, {threads} threads", markup=False)
    for engine in engines:
        paces(kept, engine, chosen, threads, seconds)
    for network in chosen:
        final(kept, engines, network, threads, seconds)
    for engine in engines:
        for who in ("engine", "peer"):
            starts(kept, engine, who, threads)
    kept.card["busy_after"] = busy()
    kept.keep("end", {}, 0.0)
    report.say(kept)
    if page is not None:
        report.write(kept, page)
    console.print(f"{kept.seconds / 60:.1f} minutes; {kept.file}", markup=False)
    sys.exit(any("failed" in value for value in kept.measured.values()))


if __name__ == "__main__":
    run_command(bench, "bench")

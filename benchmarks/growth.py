"""python -m benchmarks.growth: how time, memory and the first step grow with the problem.

One size grows and the others stay: rows from 1,000 to 60,000 (the 10,000 repeated), the width of
one hidden layer, the batch. Each point is a process of its own, so that its peak memory is its own.
The slope is that of a straight line through the points on logarithmic axes, by least squares: 1 is
proportional, 0 does not grow. Constant costs pull it below 1, so the steepest piece between two
neighbours is reported too: it would show a sudden jump.

Every point is written to disk at once: --resume=auto continues a run that was stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.__main__ import backends_in, measure, options, started, warn_if_busy
from benchmarks.plots import Curve, draw_growth
from benchmarks.report import failures, machine_in_words, markdown, show
from benchmarks.results_store import ResultsStore
from course.cli_errors import check_folder, check_place
from course.cli_errors import run as run_command
from course.console import console
from course.provenance import made_by

BASE = {"rows": 10_000, "width": 256, "batch": 128}
SIZES: dict[str, tuple[int, ...]] = {
    "rows": (1_000, 2_000, 5_000, 10_000, 20_000, 60_000),
    "width": (64, 128, 256, 512, 1_024, 2_048),
    "batch": (16, 32, 64, 128, 256, 512, 1_024),
}
LAPS = 5

# The quantities to show, each with the size it grows with. A step makes batch × width products, so
# with the batch it is the step that grows, and an epoch that shrinks.
PANELS = (
    *((quantity, "rows") for quantity in ("epoch (s)", "peak memory (MB)", "first step (s)")),
    *((quantity, "width") for quantity in ("epoch (s)", "peak memory (MB)", "first step (s)")),
    *((quantity, "batch") for quantity in ("step (s)", "peak memory (MB)", "first step (s)")),
)


def points() -> Iterator[dict[str, int]]:
    """Each combination of sizes once."""
    unique: list[dict[str, int]] = []
    for size, values in SIZES.items():
        for value in values:
            point = BASE | {size: value}
            if point not in unique:
                unique.append(point)
                yield point


def name_of(backend: str, point: dict[str, int]) -> str:
    """The name of a point in the results file."""
    return f"{backend} {point['rows']} rows, width {point['width']}, batch {point['batch']}"


def quantities(measured: dict[str, Any], point: dict[str, int]) -> dict[str, float]:
    """A process's measurements as numbers to draw; the epoch is the fastest of its laps.

    The fastest, because disturbances only slow a process down, and there are few laps.
    """
    epoch = min(measured["laps"])
    steps = -(-point["rows"] // point["batch"])
    first = measured["first_step"]
    numbers = {"epoch (s)": epoch, "step (s)": epoch / steps, "first step (s)": first}
    memory = measured["peak_mb"]
    return numbers if memory is None else numbers | {"peak memory (MB)": memory}


def curve(results: ResultsStore, backend: str, quantity: str, size: str) -> Curve:
    """The sizes that were measured, and the quantity at each."""
    xs, ys = [], []
    for value in SIZES[size]:
        point = BASE | {size: value}
        measured = results.measured.get(name_of(backend, point), {})
        if "laps" in measured and quantity in (numbers := quantities(measured, point)):
            xs.append(float(value))
            ys.append(numbers[quantity])
    return xs, ys


def slope(xs: list[float], ys: list[float]) -> float:
    """The exponent p of y ≈ c·xᵖ, by least squares on logarithms."""
    return float(np.polyfit(np.log(xs), np.log(ys), 1)[0])


def steepest(xs: list[float], ys: list[float]) -> float:
    """The largest exponent between two neighbouring points."""
    pieces = zip(pairwise(xs), pairwise(ys), strict=True)
    return max(float(np.log(d / c) / np.log(b / a)) for (a, b), (c, d) in pieces)


HEADER = ["backend", *(f"{quantity.split(' (')[0]} by {size}" for quantity, size in PANELS)]


def slopes(results: ResultsStore, backends: list[str]) -> list[list[str]]:
    """A row for each backend: the fitted slopes, with the steepest piece in brackets."""
    body = []
    for backend in backends:
        cells = []
        for quantity, size in PANELS:
            xs, ys = map(list, curve(results, backend, quantity, size))
            cells.append(f"{slope(xs, ys):.2f} ({steepest(xs, ys):.2f})" if len(xs) > 1 else "")
        body.append([backend, *cells])
    return body


PAGE = """\
# How the cost grows

{made_by}

{what}

{machine} The run took {minutes:.0f} minutes.

![{alt}]({figure})

The fitted slope on logarithmic axes (1 is proportional, 0 does not grow) and, in brackets, the
steepest piece between two neighbouring sizes.

{table}
{failed}"""


def write(results: ResultsStore, backends: list[str], page: Path) -> None:
    """Write the page, and its figure beside it."""
    panels = {
        panel: {e: xy for e in backends if (xy := curve(results, e, *panel))[0]} for panel in PANELS
    }
    figure = page.with_suffix(".png")
    alt = draw_growth(panels, figure)
    what = (
        "One process for each point: 784-width-10, float32, plain SGD on Fashion-MNIST. While one "
        f"size grows the others stay at {BASE['rows']:,} rows, width {BASE['width']}, batch "
        f"{BASE['batch']}. Time is that of an epoch when warm, the fastest of up to {LAPS}; with "
        "the batch, of a step. Memory is the most that the process has held, imports included; the "
        "first step includes what a compiler takes."
    )
    failed = "".join(f"\nNot measured: {line}\n" for line in failures(results))
    page.write_text(
        PAGE.format(
            made_by=made_by("make bench-growth REPORT=docs/reports/speed_growth.md"), what=what,
            machine=machine_in_words(results.card), minutes=results.seconds / 60, alt=alt,
            figure=figure.name, table=markdown(HEADER, slopes(results, backends)), failed=failed,
        ),
        encoding="utf-8",
    )  # fmt: skip


@click.command(help="How time, memory and first step grow with rows, width and batch.")
@options("the page (docs/reports/speed_growth.md) and its figure")
def growth(
    backends: list[str] | None, threads: int, out: str, page: Path | None, resume: str | None
) -> None:
    """Measure, print the table, and write the page."""
    measured = backends_in(backends)
    folder = Path(out).expanduser().absolute() / "bench"
    check_folder(folder)
    if page is not None:
        check_place(page)
    results = ResultsStore(folder / "growth.json", threads, resume is not None)
    warn_if_busy()
    todo = list(points())
    console.print(f"{len(measured)} backends, {len(todo)} points each, {threads} threads")
    for backend in measured:
        for point in todo:
            cost = partial(started, backend, threads, **point, laps=LAPS)
            measure(results, name_of(backend, point), cost)
    show("slopes (steepest piece)", HEADER, slopes(results, measured))
    if page is not None:
        write(results, measured, page)
    console.print(f"{results.seconds / 60:.1f} minutes; {results.file}", markup=False)
    sys.exit(any("failed" in value for value in results.measured.values()))


if __name__ == "__main__":
    run_command(growth, "bench-growth")

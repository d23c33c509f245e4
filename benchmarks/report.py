"""Present the measurements: tables in the terminal, a page and a figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from adapters import BACKENDS
from benchmarks.baselines import PEERS
from benchmarks.problem import NETWORKS
from benchmarks.ratios import HEADER, rows
from benchmarks.results_store import ResultsStore
from course.provenance import made_by

START_HEADER = ["backend", "who", "first output, s", "first step, s", "peak memory, MB"]


def start_rows(results: ResultsStore) -> Iterator[list[str]]:
    """The costs of a fresh process: medians, and the range in brackets."""
    for backend in BACKENDS:
        for who in ("backend", "peer"):
            costs = results.measured.get(f"start {backend} {who}", {})
            if "peak_mb" in costs:
                seconds = [_spread(costs[key], ".2f") for key in ("first_output", "first_step")]
                memory = "" if None in costs["peak_mb"] else _spread(costs["peak_mb"], ".0f")
                words = "epoch" if who == "backend" else PEERS[backend][1]
                yield [backend, words, *seconds, memory]


def _spread(values: list[float], form: str) -> str:
    middle = float(np.median(values))
    return f"{middle:{form}} ({min(values):{form}} to {max(values):{form}})"


WARM = ["network", "backend", "who", "made, s", "first epoch, s", "warm epoch, s", "repaid after"]


def warm_rows(results: ResultsStore) -> Iterator[list[str]]:
    """The time to compile, and the number of epochs after which the backend has caught up."""
    for network in NETWORKS:
        for backend in BACKENDS:
            pace = results.measured.get(f"pace {backend} {network}", {})
            if "laps" not in pace:
                continue
            lap = {who: float(np.median(pace["laps"][who])) for who in ("backend", "peer")}
            cost = {
                who: warm["making"] + warm["first"] + warm["second"]
                for who, warm in pace["warm"].items()
            }
            ahead, gain = cost["backend"] - cost["peer"], lap["peer"] - lap["backend"]
            epochs = f"{np.ceil(ahead / gain):.0f} epochs" if gain > 0 else "never"
            after = "at once" if ahead <= 0 else epochs
            for who in ("backend", "peer"):
                warm = pace["warm"][who]
                words = "epoch" if who == "backend" else PEERS[backend][1]
                seconds = [f"{s:.3f}" for s in (warm["making"], warm["first"], lap[who])]
                yield [network, backend, words, *seconds, after if who == "backend" else ""]


def failures(results: ResultsStore) -> list[str]:
    """Failed measurements, with their reasons."""
    return [f"{k}: {v['failed']}" for k, v in results.measured.items() if "failed" in v]


WIDTH = 160  # of a table where the terminal's width is unknown


def show(title: str, header: list[str], body: list[list[str]]) -> None:
    """Print a table."""
    screen = Console(highlight=False)
    screen = screen if screen.is_terminal else Console(highlight=False, width=WIDTH)
    drawn = Table(title=title, title_justify="left", title_style="bold")
    for i, name in enumerate(header):
        drawn.add_column(name, justify="left" if i < 3 else "right")
    for cells in body:
        drawn.add_row(*cells)
    screen.print(drawn)


def print_tables(results: ResultsStore) -> None:
    """Print all tables."""
    show(
        "an epoch of 10,000 rows, ours and theirs alternately",
        HEADER,
        [r.cells for r in rows(results)],
    )
    show("fresh processes", START_HEADER, list(start_rows(results)))
    show("warming up", WARM, list(warm_rows(results)))


def markdown(header: list[str], body: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(cells) + " |" for cells in body)])


def machine_in_words(card: dict[str, Any]) -> str:
    """The machine, the date and the versions, as a sentence."""
    versions = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    load = f"load before {card['busy_before']}" if card.get("busy_before") is not None else ""
    after = f", after {card['busy_after']}" if card.get("busy_after") is not None else ""
    return (
        f"{card['cpu']}, {card['cores']} cores, {card['threads']} threads for each, "
        f"{card['platform']}, {card['date']} ({load}{after}). {versions}."
    )


PAGE = """\
# Measured speed

{made_by}

An epoch of each backend against what its own users would write, and against the matrix products
alone: {rows} images of Fashion-MNIST, batches of {batch}, float32, plain SGD. The backend and its
baseline take turns in one process; each round gives a ratio, and the table has the median and the
quartiles. Below 1 the backend is faster. The backend returns the loss of every step; its time
includes the shuffling, as the baseline's does. "limit" is the share of the baseline's time that the
matrix products alone take in the same framework: no program in that framework can go lower. "floor"
is the best ratio reached by hand, plus a tenth; why some goals are out of reach is in
[decision 7](../decisions/0007-what-limits-an-epoch.md). The baselines are in
[benchmarks/baselines](../../benchmarks/baselines), the goals in
[benchmarks/goals.py](../../benchmarks/goals.py).

{machine}

![{alt}]({figure})

{ratios}

{failed}## Fresh processes

The seconds from the start of a process to the loss of its first batch, the part of them from data
in memory to that loss, and the peak memory until the end of two epochs, on {network}. Medians of
{starts} processes, and the range.

{starts_table}

## Warming up

The time to create a model and to run its first epoch, compilation included, and that of a warm
epoch. "Repaid after" counts the epochs until the backend, with its warm-up, has caught up with its
peer and the peer's warm-up.

{warm}
"""


def write(results: ResultsStore, page: Path) -> None:
    """Write the page, and its figure beside it."""
    from benchmarks.plots import draw_ratios
    from benchmarks.problem import BATCH, ROWS

    measured = list(rows(results))
    figure = page.with_suffix(".png")
    alt = draw_ratios(measured, figure)
    failed = "".join(f"Not measured: {line}\n\n" for line in failures(results))
    starts = next((len(v["peak_mb"]) for v in results.measured.values() if "peak_mb" in v), 0)
    text = PAGE.format(
        made_by=made_by("make bench REPORT=docs/reports/speed.md"),
        rows=f"{ROWS:,}", batch=BATCH, machine=machine_in_words(results.card), alt=alt,
        figure=figure.name, ratios=markdown(HEADER, [r.cells for r in measured]), failed=failed,
        network="784-256-10", starts=starts,
        starts_table=markdown(START_HEADER, list(start_rows(results))),
        warm=markdown(WARM, list(warm_rows(results))),
    )  # fmt: skip
    page.write_text(text, encoding="utf-8")

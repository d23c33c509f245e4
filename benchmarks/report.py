"""Present the measurements: tables in the terminal, a page and a figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from adapters import BACKENDS
from benchmarks.implementations import framework_of
from benchmarks.problem import LESSONS
from benchmarks.results_store import ResultsStore
from benchmarks.shares import GOAL, HEADER, rows
from compare.native.programs import file_of
from course.lessons import LESSONS as ALL
from course.provenance import made_by

WHOLE = ["lesson", "backend", "who", "whole process, s", "peak memory, MB", "repaid after"]


def whole_rows(results: ResultsStore) -> Iterator[list[str]]:
    """The costs of whole processes, and the epochs after which the backend has caught up."""
    for lesson in LESSONS:
        for backend in BACKENDS:
            costs = {
                who: results.measured.get(f"whole {backend} {who} lesson {lesson}", {})
                for who in ("backend", "program")
            }
            for who, cost in costs.items():
                if "seconds" not in cost:
                    continue
                program = file_of(lesson, framework_of(backend)).name
                words = program if who == "program" else "the adapter"
                memory = "" if None in cost["peak_mb"] else _spread(cost["peak_mb"], ".0f")
                seconds = _spread(cost["seconds"], ".2f")
                laps = results.measured.get(f"pace {backend} lesson {lesson}", {}).get("laps")
                both = laps and who == "backend" and "seconds" in costs["program"]
                after = repaid(costs, laps) if both else ""
                yield [str(lesson), backend, words, seconds, memory, after]


def repaid(costs: dict[str, dict[str, list[float]]], laps: dict[str, list[float]]) -> str:
    """After how many epochs a backend has caught up with the program, imports and all.

    costs: of processes of two epochs; laps: of one epoch. Both by backend and program.
    """
    ours, theirs = (float(np.median(costs[who]["seconds"])) for who in ("backend", "program"))
    if ours <= theirs:
        return "at once"
    lap, their_lap = (float(np.median(laps[who])) for who in ("backend", "program"))
    return f"{2 + np.ceil((ours - theirs) / (their_lap - lap)):.0f}" if lap < their_lap else "never"


def _spread(values: list[float], form: str) -> str:
    middle = float(np.median(values))
    return f"{middle:{form}} ({min(values):{form}} to {max(values):{form}})"


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
    title = f"an epoch, ours and theirs alternately; goal: a share of {GOAL}"
    show(title, HEADER, [r.cells for r in rows(results)])
    show("whole processes", WHOLE, list(whole_rows(results)))


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

An epoch of each backend against the lesson's native program in its framework
([lessons/native](../../lessons/native), run as it is) and against the matrix products alone, for
{what}.
Both sides have the data, the initial weights, the order of the rows, the batches and the optimizer
of the lesson, in float32. Before anything is timed, ten steps of both have to end with the same
losses and weights, to the lesson's budget. Then the backend, the program and the products take
turns in one process. "limit" is the time of the products in the same framework, below which no
program in that framework can go. What a program takes beyond it is avoidable; the share is how much
of the program's avoidable time the backend still takes,

    share = (ours − limit) / (theirs − limit)

taken within each round: the table has the median and the quartiles. Below 1 the backend is faster.
The goal is {goal}, on every backend and network
([benchmarks/shares.py](../../benchmarks/shares.py)); what limits an epoch is in
[decision 7](../decisions/0007-what-limits-an-epoch.md). scikit-learn's program is compared with the
fastest backend, against the fastest products of all, where it has a loop over epochs.

{machine}

![{alt}]({figure})

{shares}

{failed}## Whole processes

Fresh processes that read the data, train the same network for two epochs and predict the test rows:
by the adapter, and the native program as it is. Seconds from the start of the process to its end,
imports and compilation included; medians of {starts} processes, and the range. "Repaid after"
counts the epochs until the backend has caught up with the program, from the time of a warm epoch.

{whole}
"""


def write(results: ResultsStore, page: Path) -> None:
    """Write the page, and its figure beside it."""
    from benchmarks.plots import draw_shares

    measured = list(rows(results))
    figure = page.with_suffix(".png")
    alt = draw_shares(measured, figure)
    failed = "".join(f"Not measured: {line}\n\n" for line in failures(results))
    starts = next((len(v["peak_mb"]) for v in results.measured.values() if "peak_mb" in v), 0)
    titles = (
        f"lesson {n} ({ALL[n].title})" for n in LESSONS if any(n == r.lesson for r in measured)
    )
    text = PAGE.format(
        made_by=made_by("make bench REPORT=docs/reports/speed.md"),
        what=" and ".join(titles), machine=machine_in_words(results.card), alt=alt, goal=GOAL,
        figure=figure.name, shares=markdown(HEADER, [r.cells for r in measured]), failed=failed,
        starts=starts, whole=markdown(WHOLE, list(whole_rows(results))),
    )  # fmt: skip
    page.write_text(text, encoding="utf-8")

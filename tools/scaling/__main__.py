"""python -m tools.scaling: write docs/reports/scaling.md from the measurements in measured.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course.provenance import made_by
from course.settings import ROOT
from tools.scaling.model import Cable, Computing, step

MEASURED = Path(__file__).with_name("measured.json")
PAGE = ROOT / "docs" / "reports" / "scaling.md"
WORKERS = [2**k for k in range(11)]  # 1 to 1,024
STRONG, WEAK = 8192, 128  # rows for all workers together, and for each

# Nominal rates; the latencies are assumptions of their order of magnitude.
CABLES = {
    "1 Gbit/s": Cable(100e-6, 8 / 1e9),
    "25 Gbit/s": Cable(20e-6, 8 / 25e9),
    "400 Gbit/s": Cable(2e-6, 8 / 400e9),
}

ASSUMPTIONS = (
    (
        "computing is a straight line in the rows: {once:.0f} µs, and {each:.2f} µs for each row",
        "measured: lesson 4's network ({layers}), float32, PyTorch {torch}, {rows} rows; "
        "the tables below extrapolate the line to more rows",
    ),
    (
        "a message costs α seconds, and β for each byte",
        "Hockney, *The communication challenge for MPP* (Parallel Computing 20, 1994)",
    ),
    (
        "an all-reduce is a ring: 2 (N − 1) turns, in each an N-th of the gradient",
        "Patarasuk & Yuan, *Bandwidth optimal all-reduce algorithms for clusters of workstations* "
        "(Journal of Parallel and Distributed Computing 69, 2009)",
    ),
    ("the gradient: {parameters:,} numbers, {size:,} bytes", "the network's"),
    (
        "on loopback α = {alpha:.0f} µs, and 1/β = {bandwidth:.2f} GB/s",
        "fitted to gloo's all-reduce of 4 to {size:,} bytes by 2 processes",
    ),
    (
        "workers that share {cores} cores take turns, s = max(1, N/{cores}); with a machine each, "
        "s = 1",
        "assumed, for computing and talking: on loopback the kernel copies each byte, which takes "
        "cores too",
    ),
    (
        "the cables: {cables}",
        "rates are nominal (IEEE 802.3ab and 802.3by, InfiniBand NDR); latencies are assumed, "
        "by their order of magnitude: measure yours",
    ),
    (
        "computing and talking do not overlap",
        "assumed; DistributedDataParallel overlaps them (Li et al., *PyTorch Distributed*, VLDB "
        "2020), so a real step may be faster",
    ),
    (
        "no worker waits for a slower one, and cables are not shared",
        "assumed, and never quite true",
    ),
)
TEXT = """\
# How long a step takes on 1 to 1,024 workers

{made_by}

Splitting a batch does not change the answer
([lesson 6](../../lessons/lesson6_many_machines.py)). How much time it saves depends on the cables.
This page predicts the seconds of a step from a model of two lines, which was checked on 1 to 4
processes of one machine and nowhere else. **All numbers for more than 4 workers are extrapolated.**
The measurements are in `tools/scaling/measured.json`; `python -m tools.scaling.measure` repeats
them.

## The model

> step(N) = s · (once + each · rows on each worker)
> + s · (2 (N − 1) · α + 2 (N − 1)/N · bytes · β)

{assumptions}

## Checked on 1 to 4 workers

Processes on loopback, PyTorch's own collectives, a local gradient and then an all-reduce; the kinds
of measurement alternate in one run, {times} times. The {cores} cores were **busy with other work**,
so the fastest of these times is shown: it is the closest to an undisturbed step. (The medians are
in the file. They are about {disturbed:.0f} times as long, and depend more on the other work
than on the step.) Only gradients of one worker and the all-reduce of 2 workers went into the fit.

{checked}

{misfit}

## Strong scaling: {strong:,} rows for all workers together

Milliseconds for a step, and how many times as fast as one worker that is (Amdahl 1967: the part
that does not shrink decides in the end). Each worker has a machine of its own.

{table_strong}

## Weak scaling: {weak} rows for each worker

Milliseconds for a step, and the share of one worker's pace that is left (Gustafson, *Reevaluating
Amdahl's law*, 1988). The batch grows with the workers. That is a different
recipe, and its answer differs.

{table_weak}

## Conclusions

{conclusions}
"""


def page(measured: dict[str, Any]) -> str:
    """The whole page, from the dictionary that tools.scaling.measure writes."""
    seconds, size = measured["seconds"], measured["gradient_bytes"]
    rows, sizes, cores = measured["rows"], measured["sizes"], measured["cores"]
    computing = Computing.fitted(rows, [seconds[f"gradient {n}"][0] for n in rows])
    loopback = Cable.fitted(sizes, [seconds[f"all_reduce 2 {n}"][0] for n in sizes])
    checked, ratios = _checked(measured, computing, loopback)
    strong, weak = (_scaled(kind, computing, size) for kind in ("strong", "weak"))
    medians = sorted(median / fastest for fastest, median in seconds.values())
    names = (f"{name} with α = {1e6 * c.alpha:.0f} µs" for name, c in CABLES.items())
    values = {
        "once": 1e6 * computing.once, "each": 1e6 * computing.each, "torch": measured["torch"],
        "layers": "-".join(map(str, measured["layers"])), "rows": f"{rows[0]} to {rows[-1]}",
        "parameters": size // 4, "size": size, "alpha": 1e6 * loopback.alpha,
        "bandwidth": 1e-9 / loopback.beta, "cores": cores, "times": measured["times"],
        "cables": ", ".join(names), "disturbed": medians[len(medians) // 2], "checked": checked,
        "misfit": _misfit(ratios), "strong": STRONG, "weak": WEAK, "table_strong": _table(*strong),
        "table_weak": _table(*weak), "conclusions": _conclusions(strong[1], weak[1]),
    }  # fmt: skip
    rows_of_table = ["| assumption | source |", "|---|---|"]
    rows_of_table += [f"| {what} | {why} |".format(**values) for what, why in ASSUMPTIONS]
    return TEXT.format(
        made_by=made_by("python -m tools.scaling"), assumptions="\n".join(rows_of_table), **values
    )


def _checked(
    measured: dict[str, Any], computing: Computing, loopback: Cable
) -> tuple[str, dict[str, float]]:
    """A table of measured and predicted times, and the ratio of each pair."""
    seconds, size, cores = measured["seconds"], measured["gradient_bytes"], measured["cores"]
    lines = ["| workers | what | measured, ms | predicted, ms | measured / predicted |",
             "|---|---|---|---|---|"]  # fmt: skip
    ratios = {}
    for n in range(1, measured["workers"] + 1):
        whole, each = measured["strong_rows"], measured["weak_rows"]
        predicted = {
            f"strong {n}": step(n, whole // n, size, computing, loopback, cores),
            f"weak {n}": step(n, each, size, computing, loopback, cores),
        }
        what = {f"strong {n}": f"a step, {whole} rows for all",
                f"weak {n}": f"a step, {each} rows for each"}  # fmt: skip
        if n > 1:
            name = f"all_reduce {n} {size}"
            predicted[name] = max(1.0, n / cores) * loopback.all_reduce(n, size)
            what[name] = "the all-reduce alone"
        for name, expected in predicted.items():
            took = seconds[name][0]
            ratios[name] = took / expected
            lines.append(
                f"| {n} | {what[name]} | {1e3 * took:.2f} | {1e3 * expected:.2f} | "
                f"{ratios[name]:.2f} |"
            )
    return "\n".join(lines), ratios


def _misfit(ratios: dict[str, float]) -> str:
    low, high = min(ratios.values()), max(ratios.values())
    name = max(ratios, key=lambda key: max(ratios[key], 1 / ratios[key]))
    alone = [factor for key, factor in ratios.items() if key.endswith(" 1")]
    many = [factor for key, factor in ratios.items() if not key.endswith(" 1")]
    kind, workers = name.split()[:2]
    what = "all-reduce" if kind == "all_reduce" else f"step ({kind})"
    return (
        f"Measured times are {low:.2f} to {high:.2f} of the predicted ones; the worst is the "
        f"{what} of {workers} workers. On one worker, where there is nothing to send, it is "
        f"{min(alone):.2f} to {max(alone):.2f}, and on several {min(many):.2f} to {max(many):.2f}. "
        "A model with four numbers and a rule for sharing cores predicts a factor, not a "
        "percentage: read the tables below accordingly."
    )


def _scaled(
    kind: str, computing: Computing, size: int
) -> tuple[list[str], dict[str, list[tuple[float, float]]]]:
    """A header, and for each cable a list of (ms, gain), one for each of WORKERS."""
    columns: dict[str, list[tuple[float, float]]] = {}
    for name, cable in CABLES.items():
        columns[name] = []
        for n in WORKERS:
            rows = STRONG / n if kind == "strong" else WEAK
            one = computing.seconds(STRONG if kind == "strong" else WEAK)
            took = step(n, rows, size, computing, cable)
            columns[name].append((1e3 * took, one / took))
    return [f"{name}: ms" for name in CABLES] + [
        f"{name}: {'times as fast' if kind == 'strong' else 'of the pace'}" for name in CABLES
    ], columns


def _table(header: list[str], columns: dict[str, list[tuple[float, float]]]) -> str:
    percent = "of the pace" in header[-1]
    lines = [f"| workers | {' | '.join(header)} |", "|---" * (len(header) + 1) + "|"]
    for i, n in enumerate(WORKERS):
        times = [f"{column[i][0]:.2f}" for column in columns.values()]
        gains = [f"{column[i][1]:.0%}" if percent else f"{column[i][1]:.1f}"
                 for column in columns.values()]  # fmt: skip
        lines.append(f"| {n:,} | {' | '.join(times + gains)} |")
    return "\n".join(lines)


def _conclusions(
    strong: dict[str, list[tuple[float, float]]], weak: dict[str, list[tuple[float, float]]]
) -> str:
    lines = []
    for name, column in strong.items():
        best = max(range(len(WORKERS)), key=lambda i: column[i][1])
        at_most = column[best][1]
        lines.append(
            f"- Over {name} a batch of {STRONG:,} rows is fastest on {WORKERS[best]:,} workers, "
            f"{at_most:.1f} times as fast as on one; with 1,024 it is {column[-1][1]:.1f} times. "
            f"With {WEAK} rows each, two workers keep {weak[name][1][1]:.0%} of the pace of one."
        )
    lines.append(
        "- The bytes sent depend only on the number of parameters; the computing also depends on "
        "the rows. So the rows on each worker decide whether splitting pays."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(MEASURED.read_text(encoding="utf-8"))), encoding="utf-8")

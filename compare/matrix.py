"""Run every lesson on every backend, dtype and seed, and judge each by the reference.

python -m compare.matrix --seeds 0 1 7 --out results --report docs/reports/agreement.md

Each combination runs in its own process. Two gaps are printed. For losses it is |ΔL| / max(L, L₀),
L₀ being the run's first loss, as in the budgets of float64, since a loss that vanishes is itself
all rounding. For final weights it is |ΔW|.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np

from adapters import BACKENDS
from adapters.contract import Array
from compare.backends import REFERENCE, Plan
from compare.budgets import steps_before_divergence
from compare.comparison import Finding
from compare.findings import diverges, findings, is_chaotic
from compare.gaps import gaps
from course.lessons import LESSONS
from course.provenance import made_by
from course.record import read_record
from course.settings import ROOT, folder_name

README = ROOT / "README.md"
DTYPES = ("float64", "float32")
Cell = tuple[int, str, str, int]  # lesson, backend, dtype, seed
Row = tuple[int, str, str]  # the same for all seeds
Record = tuple[dict[str, Array], dict[str, Any]]


@dataclass(frozen=True)
class Agreement:
    """The result of a cell, or of a row of cells: the largest gaps to the reference."""

    status: Literal["complete", "failed", "not run"]
    loss: float = 0.0  # |ΔL| / max(L, L₀), of all steps of all runs
    weight: float = 0.0  # |ΔW|, of all final weights
    labels: int = 0  # labels that differ in one run
    findings: list[Finding] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether it ran within every budget."""
        return self.status == "complete" and all(f.holds for f in self.findings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, judge, print, and write the report; returns 1 if a cell failed or broke a budget.

    A backend that is not installed counts as neither agreeing nor failing.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=list(LESSONS),
                        choices=list(LESSONS))  # fmt: skip
    parser.add_argument("--backends", nargs="+", default=list(BACKENDS), choices=list(BACKENDS))
    parser.add_argument("--dtypes", nargs="+", default=list(DTYPES), choices=DTYPES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 7])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--report", type=Path)
    parser.add_argument("--resume", action="store_true", help="take the records that are there")
    args = parser.parse_args(arguments)
    backends = list(dict.fromkeys([REFERENCE, *args.backends]))
    cells = list(product(args.lessons, backends, args.dtypes, args.seeds))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        folders = dict(
            zip(cells, pool.map(lambda c: ready(c, args) or run(c, args), cells), strict=True)
        )
    judged = {cell: judge(cell, folders) for cell in cells if cell[1] != REFERENCE}
    text = report(judged, args.seeds)
    print(text)
    if args.report:
        args.report.write_text(text + marked("browser", args.report), encoding="utf-8")
        insert(summary(judged), README)
    for cell, result in judged.items():
        for finding in result.findings:
            if not finding.holds:
                print(f"over budget {cell}: {finding}", file=sys.stderr)
    return 0 if all(r.agrees or r.status == "not run" for r in judged.values()) else 1


def ready(cell: Cell, args: argparse.Namespace) -> Path | None:
    """The record of a cell that ran before, by this command or by `python -m compare`."""
    lesson, backend, dtype, seed = cell
    folder: Path = args.out / f"lesson{lesson}" / folder_name(backend, dtype, "cpu", seed, {})
    return folder if args.resume and not args.epochs and folder.is_dir() else None


def run(cell: Cell, args: argparse.Namespace) -> Path | None:
    """Run one cell; its record's folder, or None if it failed or its backend is not installed."""
    lesson, backend, dtype, seed = cell
    if BACKENDS[backend].missing:
        return None
    plan = Plan(lesson, dtype, "cpu", seed, epochs=args.epochs, out=str(args.out), figures=True)
    task = plan.task(backend)
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with TemporaryDirectory(prefix="triptych-") as scratch:
        task.report_to(Path(scratch, "result.json"))
        done = subprocess.run(
            task.command, capture_output=True, text=True, env=environ, check=False
        )
        if done.returncode or not task.records:
            print(f"{cell} ended with {done.returncode}: {done.stderr[-500:]}", file=sys.stderr)
            return None
        return task.records[-1]


def judge(cell: Cell, folders: dict[Cell, Path | None]) -> Agreement:
    """Judge one backend's record by the reference's of the same lesson, dtype and seed."""
    lesson, backend, dtype, seed = cell
    ours, theirs = folders[lesson, REFERENCE, dtype, seed], folders[cell]
    if theirs is None and BACKENDS[backend].missing:
        return Agreement("not run")
    if ours is None or theirs is None:
        return Agreement("failed")
    return agreement(read_record(ours), read_record(theirs))


def agreement(reference: Record, other: Record) -> Agreement:
    """The gaps between two records. Chaotic runs (relu in float32) are left out."""
    (ours, card), (theirs, _) = reference, other
    loss = weight = 0.0
    labels = 0
    for key in ours.keys() & theirs.keys():
        run, _, kind = key.rpartition("/")
        a, b = ours[key], theirs[key]
        if key.startswith("looks/") or is_chaotic(card, run) or a.shape != b.shape:
            continue  # another shape has no gap; the findings report it
        losses = ours.get(f"{run}/losses", np.zeros(0))
        steps = steps_before_divergence(losses) if diverges(card, run) else len(losses)
        if kind == "losses":
            loss = max(loss, loss_gap(a[:steps], b[:steps]))
        elif kind.startswith("param_") and steps == len(losses):
            weight = max(weight, float(gaps(a, b).max(initial=0.0)))
        elif kind == "predictions" and a.dtype.kind == "i":
            labels = max(labels, int((a != b).sum()))
    return Agreement("complete", loss, weight, labels, findings(reference, other))


def loss_gap(ours: Array, theirs: Array) -> float:
    """The largest |ΔL| / max(L, L₀) of two runs' losses (steps,), L being the first run's."""
    if not len(ours):
        return 0.0
    size = np.abs(ours.astype(np.float64))
    gap = gaps(ours, theirs)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = gap / np.maximum(size, size[0])
    return float(np.where(gap == 0, 0.0, share).max())


def by_row(judged: dict[Cell, Agreement]) -> dict[Row, Agreement]:
    """The worst of all seeds; a row with a failed seed has failed."""
    rows: dict[Row, list[Agreement]] = {}
    for (lesson, backend, dtype, _), result in judged.items():
        rows.setdefault((lesson, backend, dtype), []).append(result)
    return {row: _worst(results) for row, results in rows.items()}


def _worst(results: list[Agreement]) -> Agreement:
    statuses = {one.status for one in results}
    for status in ("failed", "not run"):
        if status in statuses:
            return Agreement(status)
    return Agreement(
        "complete",
        max(one.loss for one in results),
        max(one.weight for one in results),
        max(one.labels for one in results),
        [finding for one in results for finding in one.findings],
    )


def report(judged: dict[Cell, Agreement], seeds: list[int]) -> str:
    """A table in Markdown: the gaps, and the largest share of a budget that any stage used."""
    lines = [
        "# Measured agreement",
        "",
        made_by("python -m compare.matrix --report docs/reports/agreement.md"),
        "",
        f"Each backend against the NumPy reference of the same dtype, on {platform.machine()} with "
        f"Python {platform.python_version()}, {'seeds' if len(seeds) > 1 else 'seed'} "
        f"{', '.join(map(str, seeds))}: the largest gap of a loss, |ΔL| / max(L, L₀), L being the "
        "reference's loss at that step and L₀ its first loss of that run, over all steps of all "
        "runs of the lesson; and the largest gap of a final weight, |ΔW|, as it is. The relu runs "
        "of lessons 4 and 5 in float32 are in neither: the tests compare them by single steps.",
        "",
        "| lesson | backend | dtype | largest \\|ΔL\\| / max(L, L₀) | largest \\|ΔW\\| | "
        "labels that differ | share of the budget used | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (lesson, backend, dtype), result in sorted(by_row(judged).items()):
        cells = ["–"] * 4
        if result.status == "complete":
            share = max((f.share for f in result.findings), default=0.0)
            gaps_shown = [f"{result.loss:.1e}", f"{result.weight:.1e}", str(result.labels)]
            cells = [*gaps_shown, f"{share:.0%}"]
        cells.append(_verdict(result))
        lines.append(f"| {lesson} | {backend} | {dtype} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _verdict(result: Agreement) -> str:
    if result.status == "complete":
        return "agree" if result.agrees else "**over**"
    return "**failed**" if result.status == "failed" else "not run"


def summary(judged: dict[Cell, Agreement]) -> str:
    """A short table for the README: a row for each dtype, a column for each lesson.

    A cell shows the largest gaps of any backend, or the backend that does not agree.
    """
    rows = by_row(judged)
    lessons = _each(lesson for lesson, _, _ in rows)
    head = " | ".join(f"lesson {n}" for n in lessons)
    lines = [f"| | {head} |", "|---" * (len(lessons) + 1) + "|"]
    for dtype in _each(dtype for _, _, dtype in rows):
        cells = [
            _least_exact({b: row for (n, b, d), row in rows.items() if (n, d) == (lesson, dtype)})
            for lesson in lessons
        ]
        lines.append(f"| {dtype} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _each(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _least_exact(results: dict[str, Agreement]) -> str:
    failed = [f"{_verdict(result)} {backend}" for backend, result in results.items()
              if not result.agrees]  # fmt: skip
    if failed or not results:
        return ", ".join(failed) or "–"
    loss, weight = (max(getattr(r, gap) for r in results.values()) for gap in ("loss", "weight"))
    return "=" if loss == weight == 0 else f"{loss:.0e} / {weight:.0e}"


def insert(table: str, file: Path, mark: str = "agreement") -> None:
    """Replace the table between its two marks in a page."""
    before, start, rest = file.read_text(encoding="utf-8").partition(f"<!-- {mark} -->")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    file.write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")


def marked(mark: str, file: Path) -> str:
    """The part of a page between two marks, with them; empty where there is none.

    tools.playground.agreement writes such a part into the report of this module.
    """
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    _, start, rest = text.partition(f"<!-- {mark} -->")
    part, end, _ = rest.partition(f"<!-- /{mark} -->")
    return f"\n{start}{part}{end}\n" if end else ""


if __name__ == "__main__":
    sys.exit(main())

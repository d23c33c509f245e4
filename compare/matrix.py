"""Run every lesson on every backend, dtype and seed, and judge each by the reference.

python -m compare.matrix --seeds 0 1 7 --out results --report docs/reports/agreement.md

Each combination runs in its own process. Two gaps are printed. For losses it is |ΔL| / max(L, L₀),
L₀ being the run's first loss, as in the budgets of float64, since a loss that vanishes is itself
all rounding. For final weights it is |ΔW|.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters import BACKENDS
from compare.agreement import Agreement, Cell, agreement, by_row
from compare.agreement_page import insert, marked, report, rows_left, summary
from compare.backends import REFERENCE, Plan
from course.lessons import LESSONS
from course.record import read_record
from course.settings import ROOT, folder_name

README = ROOT / "README.md"
DTYPES = ("float64", "float32")


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
        earlier = rows_left(args.report, judged)
        text = report(judged, args.seeds, earlier)
        args.report.write_text(text + marked("browser", args.report), encoding="utf-8")
        insert(summary({**by_row(judged), **earlier}), README)
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


if __name__ == "__main__":
    sys.exit(main())

"""Every lesson on every engine, dtype and seed, each in its own process, judged by the reference.

python -m compare.matrix --seeds 0 1 7 --out results --report docs/agreement.md
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from adapters import ENGINES
from compare.budgets import TRAJECTORY
from compare.comparison import Finding
from compare.engines import Plan, records_named
from compare.records import findings
from course.record import read_record
from course.settings import CHAPTERS, ROOT, folder_name

DTYPES = ("float64", "float32")
Cell = tuple[int, str, str, int]  # lesson, engine, dtype, seed


def main() -> int:
    """Run, judge, print, and write the report; 1 if any cell failed or any budget was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=list(CHAPTERS))
    parser.add_argument("--backends", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--dtypes", nargs="+", default=list(DTYPES), choices=DTYPES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 7])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--report", type=Path)
    parser.add_argument("--resume", action="store_true", help="take the records that are there")
    args = parser.parse_args()
    engines = list(dict.fromkeys(["numpy", *args.backends]))
    cells = list(product(args.lessons, engines, args.dtypes, args.seeds))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        folders = dict(
            zip(cells, pool.map(lambda c: ready(c, args) or run(c, args), cells), strict=True)
        )
    judged = {cell: judge(cell, folders) for cell in cells if cell[1] != "numpy"}
    broken = [f"{cell}: {finding}" for cell, found in judged.items() for finding in found
              if not finding.holds]  # fmt: skip
    text = report(judged, args.seeds)
    print(text)
    if args.report:
        args.report.write_text(text, encoding="utf-8")
        insert(summary(judged), ROOT / "README.md")
    for line in broken:
        print("over budget", line, file=sys.stderr)
    return 1 if broken else 0


def ready(cell: Cell, args: argparse.Namespace) -> Path | None:
    """The record of a cell that has been run before, by this or by `python -m compare`."""
    lesson, engine, dtype, seed = cell
    folder: Path = args.out / f"lesson{lesson}" / folder_name(engine, dtype, "cpu", seed, {})
    return folder if args.resume and not args.epochs and folder.is_dir() else None


def run(cell: Cell, args: argparse.Namespace) -> Path | None:
    """Run one cell; the folder of its record, or None if it failed."""
    lesson, engine, dtype, seed = cell
    plan = Plan(lesson, dtype, "cpu", seed, epochs=args.epochs, out=str(args.out), figures=True)
    command = plan.task(engine).command
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    if done.returncode:
        print(f"{cell} ended with {done.returncode}: {done.stderr[-500:]}", file=sys.stderr)
        return None
    return records_named(done.stdout.splitlines())[-1]


def judge(cell: Cell, folders: dict[Cell, Path | None]) -> list[Finding]:
    """One engine's record against the reference's of the same lesson, dtype and seed."""
    lesson, _, dtype, seed = cell
    ours, theirs = folders[lesson, "numpy", dtype, seed], folders[cell]
    if ours is None or theirs is None:
        return [Finding("data", "", "the lesson did not end", math.inf, 0.0)]
    return findings(read_record(ours), read_record(theirs))


def report(judged: dict[Cell, list[Finding]], seeds: list[int]) -> str:
    """A table in Markdown: the worst share of its budget that any stage used, and the gaps."""
    lines = [
        "# Measured agreement",
        "",
        f"Each engine against the NumPy reference of the same dtype, on {platform.machine()} with "
        f"Python {platform.python_version()}, seeds {', '.join(map(str, seeds))}: the largest gap "
        "of any step's loss as a share of the loss, and of any final weight, over all runs of the "
        "lesson. The relu runs of lessons 4 and 5 in float32 are not in it: they are judged by "
        "single steps, in the tests. Written by `python -m compare.matrix`.",
        "",
        "| lesson | engine | dtype | worst loss gap | worst weight gap | labels that differ | "
        "share of the budget used | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows: dict[tuple[int, str, str], list[Finding]] = {}
    for (lesson, engine, dtype, _), found in judged.items():
        rows.setdefault((lesson, engine, dtype), []).extend(found)
    for (lesson, engine, dtype), found in sorted(rows.items()):
        loss, weight, label = gaps(found, lesson, dtype)
        share = max((f.share for f in found), default=0.0)
        verdict = "agree" if all(f.holds for f in found) else "**over**"
        lines.append(
            f"| {lesson} | {engine} | {dtype} | {loss:.1e} | {weight:.1e} | {label:.0f} | "
            f"{share:.0%} | {verdict} |"
        )
    return "\n".join(lines) + "\n"


def summary(judged: dict[Cell, list[Finding]]) -> str:
    """A short table for the README: a row for each lesson and dtype, a column for each engine."""
    engines = list(dict.fromkeys(engine for _, engine, _, _ in judged))
    lines = [f"| lesson | dtype | {' | '.join(engines)} |", "|---" * (len(engines) + 2) + "|"]
    for lesson, dtype in dict.fromkeys((lesson, dtype) for lesson, _, dtype, _ in judged):
        cells = []
        for engine in engines:
            found = [
                finding
                for (number, name, precision, _), all_found in judged.items()
                for finding in all_found
                if (number, name, precision) == (lesson, engine, dtype)
            ]
            loss, weight, _ = gaps(found, lesson, dtype)
            cells.append("=" if loss == weight == 0 else f"{loss:.0e} / {weight:.0e}")
        lines.append(f"| {lesson} | {dtype} | {' | '.join(cells)} |")
    return "\n".join(lines)


def gaps(found: list[Finding], lesson: int, dtype: str) -> tuple[float, float, float]:
    """The largest gap of a loss as a share of it, of a final weight, and of predicted labels.

    The loss of a run that diverges on purpose grows without end, and its gaps with it.
    """
    budget = TRAJECTORY[lesson, dtype]
    of_loss = (f.share * (budget.absolute + budget.relative) for f in found if f.tensor == "losses")
    weight, label = (
        max((f.gap for f in found if f.tensor.startswith(tensor)), default=0.0)
        for tensor in ("param", "predictions")
    )
    return max(of_loss, default=0.0), weight, label


def insert(table: str, file: Path) -> None:
    """Put the table between its two marks in a page."""
    before, start, rest = file.read_text(encoding="utf-8").partition("<!-- agreement -->")
    _, end, after = rest.partition("<!-- /agreement -->")
    file.write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

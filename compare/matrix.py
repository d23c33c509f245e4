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
from compare.comparison import Finding
from compare.engines import Plan, records_named
from compare.records import findings
from course.record import read_record
from course.settings import CHAPTERS, ROOT

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
    args = parser.parse_args()
    engines = list(dict.fromkeys(["numpy", *args.backends]))
    cells = list(product(args.lessons, engines, args.dtypes, args.seeds))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        folders = dict(
            zip(cells, pool.map(lambda c: run(c, str(args.out), args.epochs), cells), strict=True)
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


def run(cell: Cell, out: str, epochs: int | None) -> Path | None:
    """Run one cell; the folder of its record, or None if it failed."""
    lesson, engine, dtype, seed = cell
    plan = Plan(lesson, dtype, "cpu", seed, epochs=epochs, out=out, figures=True)
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
        "of any step's loss, and of any final weight, over all runs of the lesson. The relu runs "
        "of lessons 4 and 5 in float32 are not in it: they are judged by single steps, in the "
        "tests. Written by `python -m compare.matrix`.",
        "",
        "| lesson | engine | dtype | worst loss gap | worst weight gap | labels that differ | "
        "share of the budget used | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows: dict[tuple[int, str, str], list[Finding]] = {}
    for (lesson, engine, dtype, _), found in judged.items():
        rows.setdefault((lesson, engine, dtype), []).extend(found)
    for (lesson, engine, dtype), found in sorted(rows.items()):
        loss, weight, label = (
            max((f.gap for f in found if f.tensor.startswith(tensor)), default=0.0)
            for tensor in ("losses", "param", "predictions")
        )
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
            loss, weight = (
                max((f.gap for f in found if f.tensor.startswith(tensor)), default=0.0)
                for tensor in ("losses", "param")
            )
            same = "the same, bit for bit"
            cells.append(same if loss == weight == 0 else f"loss {loss:.0e}, weights {weight:.0e}")
        lines.append(f"| {lesson} | {dtype} | {' | '.join(cells)} |")
    return "\n".join(lines)


def insert(table: str, file: Path) -> None:
    """Put the table between its two marks in a page."""
    before, start, rest = file.read_text(encoding="utf-8").partition("<!-- agreement -->")
    _, end, after = rest.partition("<!-- /agreement -->")
    file.write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

"""Hold every native program against the record of every backend, and write the table.

python -m compare.native.matrix --seeds 0 1 7 --report docs/reports/native.md

Programs and backends start from what the same run of the lesson fixed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from adapters import BACKENDS
from adapters.contract import Array
from compare.comparison import Finding
from compare.matrix import DTYPES, run
from compare.native import fixed
from compare.native.programs import FRAMEWORKS, MISSING, STRAIGHT
from compare.native.run import left_by, started
from compare.native.witness import gaps
from course.json_process import ProcessFailed
from course.lessons import NATIVE
from course.provenance import made_by
from course.record import read_record
from course.settings import Settings

Start = tuple[int, str, int]  # lesson, dtype, seed
Arrays = dict[str, Array]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, judge, print, and write the report; returns 1 if a program or a backend is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=list(NATIVE), choices=NATIVE)
    parser.add_argument("--backends", nargs="+", default=list(BACKENDS), choices=list(BACKENDS))
    parser.add_argument("--dtypes", nargs="+", default=list(DTYPES), choices=DTYPES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 7])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--report", type=Path)
    args = parser.parse_args(arguments)
    starts = list(product(args.lessons, args.dtypes, args.seeds))
    with TemporaryDirectory(prefix="triptych-native-") as folder:
        found = dict(_judged(starts, args, Path(folder)))
    text = report(found, args)
    print(text)
    if args.report:
        args.report.write_text(text, encoding="utf-8")
    over = [(key, gap) for key, findings in found.items() for gap in findings if not gap.holds]
    for (start, framework, backend), gap in over:
        print(f"over budget {start}, {framework} against {backend}: {gap}", file=sys.stderr)
    return 1 if over else 0


def _judged(
    starts: list[Start], args: argparse.Namespace, folder: Path
) -> Iterator[tuple[tuple[Start, str, str], list[Finding]]]:
    files = _starts_written(starts, args.epochs, folder)
    args.out = folder
    cells = [(n, backend, dtype, seed) for (n, dtype, seed) in starts for backend in args.backends]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        processes = list(product(FRAMEWORKS, args.dtypes))
        left = pool.map(lambda pair: _left(pair[0], pair[1], files, folder), processes)
        records = dict(zip(cells, pool.map(lambda cell: run(cell, args), cells), strict=True))
        programs = {key: arrays for each in left for key, arrays in each.items()}
    for start, framework, backend in product(starts, FRAMEWORKS, args.backends):
        number, dtype, seed = start
        if (number, framework) in MISSING:
            continue
        record, arrays = records[number, backend, dtype, seed], programs[start, framework]
        if record is None or isinstance(arrays, str):
            what = f"not run: {arrays}" if isinstance(arrays, str) else "the backend: not run"
            yield (start, framework, backend), [Finding("trajectory", "", what, np.inf, 0.0)]
            continue
        given, theirs = fixed.read(files[start]), read_record(record)
        yield (start, framework, backend), gaps(number, framework, arrays, theirs, given)


def _starts_written(starts: list[Start], epochs: int | None, folder: Path) -> dict[Start, Path]:
    """What each start fixes, in a file; each in its own process, which has one dtype."""
    writing = {}
    with ProcessPoolExecutor(
        os.cpu_count(), multiprocessing.get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        for number, dtype, seed in starts:
            settings = Settings("numpy", dtype=dtype, seed=seed, epochs=epochs, draw=False)
            file = folder / f"{number}-{dtype}-{seed}.npz"
            writing[number, dtype, seed] = pool.submit(fixed.write, number, settings, file)
        return {start: future.result() for start, future in writing.items()}


def _left(
    framework: str, dtype: str, files: dict[Start, Path], folder: Path
) -> dict[tuple[Start, str], Arrays | str]:
    """What a program leaves from each start of this dtype, or why it failed."""
    results: dict[tuple[Start, str], Arrays | str] = {}
    with started(framework, threads=1) as process:  # of one dtype: Keras's layers keep their first
        for start, file in files.items():
            if start[1] != dtype:
                continue
            if (start[0], framework) in MISSING:
                continue
            out = folder / f"{framework}-{file.name}"
            try:
                results[start, framework] = left_by(process, start[0], file, out)
            except ProcessFailed as error:
                results[start, framework] = str(error)
    return results


def report(found: dict[tuple[Start, str, str], list[Finding]], args: argparse.Namespace) -> str:
    """A table in Markdown: the largest share of a budget for each program, over all backends."""
    lines = [
        "# Native programs against every backend", "",
        made_by("python -m compare.native.matrix --report docs/reports/native.md"), "",
        f"Each program of lessons/native against the records of {', '.join(args.backends)}, on "
        f"{platform.machine()} with Python {platform.python_version()}, seeds "
        f"{', '.join(map(str, args.seeds))}"
        + (f", {args.epochs} epochs" if args.epochs else "")
        + ": the largest gap of a loss and of a final weight, and the largest share of a budget "
        "that any gap used. scikit-learn goes straight to the lowest point in lessons 2 and 3: "
        "there its final loss is judged. A relu network in float32, which rounding alone "
        "separates (lesson 4), is judged by its accuracy.",
        "",
        "| lesson | dtype | program | largest \\|ΔL\\| | largest \\|ΔW\\| | share of the budget | "
        "verdict |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for number, dtype, framework in product(args.lessons, args.dtypes, FRAMEWORKS):
        if (number, framework) in MISSING:
            what = f"not run: {MISSING[number, framework]}"
            lines.append(f"| {number} | {dtype} | {FRAMEWORKS[framework].title} | | | | {what} |")
            continue
        all_gaps = [
            gap
            for ((n, d, _), f, _), gaps_found in found.items()
            for gap in gaps_found
            if (n, d, f) == (number, dtype, framework)
        ]
        cells = [
            _largest(gap for gap in all_gaps if gap.tensor == "losses"),
            _largest(gap for gap in all_gaps if gap.tensor.startswith("param_")),
        ]
        share = max(gap.share for gap in all_gaps)
        verdict = "agrees" if all(gap.holds for gap in all_gaps) else "OVER"
        if (number, framework) in STRAIGHT and verdict == "agrees":
            verdict = "not above"
        title = FRAMEWORKS[framework].title
        lines.append(
            f"| {number} | {dtype} | {title} | {cells[0]} | {cells[1]} | {share:.1e} | {verdict} |"
        )
    return "\n".join(lines) + "\n"


def _largest(found: Iterator[Finding]) -> str:
    gaps_found = [gap.gap for gap in found]
    if not gaps_found:
        return "–"
    return f"{max(gaps_found):.1e}" if max(gaps_found) else "="


if __name__ == "__main__":
    sys.exit(main())

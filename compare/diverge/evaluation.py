"""Check that every injection is located and named: `python -m compare.diverge.evaluation`.

Each one that a lesson shows is injected into the second backend of a pair, in the first such. The
search must find the run, step, stage and tensor that a comparison of all arrays on NumPy finds,
entry by entry, and must name the injection itself as the likeliest cause.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import click
import numpy as np

from compare.diverge.diagnose import SCREENER, Diagnosis, diagnose
from compare.diverge.run_specs import run_specs
from compare.diverge.side import Setting, Side
from compare.diverge.walk import walk
from compare.gaps import gaps, over
from course.cli_errors import run
from course.lessons import TRACEABLE
from course.options import Whole
from course.provenance import made_by
from injections import INJECTIONS, Injection, RunSpec

# The least difference that counts as an injection's effect, as a share of the tensor's largest: far
# above rounding in float64, below the smallest injection, β through float32 (1e-8 of a gradient).
VISIBLE = 1e-11
# Lesson 4 first, which has the most kinds of runs; lesson 3 is part of it.
SEARCHED = (4, *(number for number in TRACEABLE if number not in (3, 4)))
Pair = tuple[str, str]
PAIRS = (("numpy", "torch"), ("tensorflow", "jax"), ("keras", "pytensor"))


@dataclass(frozen=True)
class Place:
    """Where an injection first shows."""

    run: str
    step: int
    stage: str
    tensor: str

    def __str__(self) -> str:
        return f"{self.run}, step {self.step}, {self.stage}, {self.tensor}"


@dataclass(frozen=True)
class Row:
    """The result of one injection in one pair."""

    injection: str
    lesson: int
    pair: Pair
    expected: Place
    actual: Place | None
    causes: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether place and cause are right."""
        return self.actual == self.expected and self.causes[:1] == (self.injection,)


def shown_by(injection: Injection, specs: Sequence[RunSpec]) -> Place | None:
    """Where an injection first shows in these runs, in any entry of any array; None if nowhere."""
    for spec in specs:
        if injection.shows(spec):
            for a, b in zip_longest(walk(spec), walk(injection.into(spec))):
                if a is None or b is None or a.tensor != b.tensor or a.array.shape != b.array.shape:
                    return _place(spec, a or b)
                if not (np.isfinite(a.array).all() or np.isfinite(b.array).all()):
                    break  # both have overflowed
                scale = max(float(np.abs(a.array).max(initial=0)), 1e-3)
                if over(gaps(a.array, b.array), np.array(VISIBLE * scale)).any():
                    return _place(spec, a)
    return None


def _place(spec: RunSpec, quantity: object) -> Place:
    return Place(spec.name, quantity.step, quantity.stage, quantity.tensor)  # type: ignore[attr-defined]


def expectations(
    names: Sequence[str], seed: int, dtype: str, data: Mapping[int, str] = MappingProxyType({})
) -> dict[str, tuple[int, Place]]:
    """For each injection the lesson that shows it, and where."""
    expected: dict[str, tuple[int, Place]] = {}
    for lesson in SEARCHED:
        missing = [name for name in names if name not in expected]
        if not missing:
            break
        specs = run_specs(lesson, dtype, seed, data.get(lesson))
        for name in missing:
            place = shown_by(INJECTIONS[name], specs)
            if place is not None:
                expected[name] = lesson, place
    return expected


def rows(
    pairs: Sequence[Pair],
    names: Sequence[str],
    seed: int,
    dtype: str,
    folder: Path,
    data: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[Row]:
    """Search for every injection in the second backend of every pair, in parallel on all cores.

    Injections that show in no lesson are left out. data: a file or a folder for a lesson, instead
    of its own.
    """
    expected = expectations(names, seed, dtype, data)
    for name in names:
        if name not in expected:
            click.echo(f"{name}: shows in no lesson; tests/diverge/test_layers.py searches for it")
    tasks = [(pair, lesson) for lesson in SEARCHED for pair in pairs]

    def search(task: tuple[Pair, int]) -> list[Row]:
        (one, other), lesson = task
        here = [name for name in names if name in expected and expected[name][0] == lesson]
        if not here:
            return []
        setting = Setting(lesson, dtype, seed, data.get(lesson))
        with (
            Side(one, setting, folder) as a,
            Side(other, setting, folder) as b,
            Side(SCREENER, setting, folder) as screener,
        ):
            results = []
            for name in here:
                b.injections = (name,)
                diagnosis = diagnose(a, b, screener=screener)
                results.append(_row(name, lesson, task[0], expected[name][1], diagnosis))
                click.echo(f"{one}:{other} {name}: {'ok' if results[-1].right else results[-1]}")
            return results

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for results in pool.map(search, tasks):
            yield from results


def _row(name: str, lesson: int, pair: Pair, expected: Place, diagnosis: Diagnosis) -> Row:
    first = diagnosis.divergences[0] if diagnosis.divergences else None
    if first is None:
        return Row(name, lesson, pair, expected, None, ())
    actual = Place(first.gap.run, first.gap.step, first.gap.stage, first.gap.tensor)
    return Row(name, lesson, pair, expected, actual, first.cause.suspects if first.cause else ())


def markdown(results: Sequence[Row], seed: int, seconds: float) -> str:
    """The table, for the docs."""
    pairs = list(dict.fromkeys(row.pair for row in results))
    right = sum(row.right for row in results)
    pair_names = [" and ".join(pair) for pair in pairs]
    header = ["injection", "lesson", "first shows", *pair_names, "indistinguishable here"]
    lines = [
        "# Every injection, found",
        "",
        made_by("python -m compare.diverge.evaluation --report docs/reports/divergence.md"),
        "",
        f"{len(results)} searches, {right} right, seed {seed}, float64, {seconds / 60:.0f} "
        "minutes. Each difference is injected into the second backend of a pair. ✓: the search "
        "finds run, step, stage and tensor, and names the injection as the first cause. The last "
        "column lists injections with the same effect there.",
        "",
        f"| {' | '.join(header)} |",
        "|---|---|---|" + "---|" * (len(pairs) + 1),
    ]
    for name in dict.fromkeys(row.injection for row in results):
        by_pair = {row.pair: row for row in results if row.injection == name}
        one = next(iter(by_pair.values()))
        causes = [cause for row in by_pair.values() for cause in row.causes]
        others = dict.fromkeys(cause for cause in causes if cause != name)
        cells = [name, str(one.lesson), str(one.expected), *(_cell(by_pair[p]) for p in pairs)]
        lines.append(f"| {' | '.join([*cells, ', '.join(others)])} |")
    return "\n".join(lines) + "\n"


def _cell(row: Row) -> str:
    return "✓" if row.right else f"**{row.actual}: {', '.join(row.causes) or 'unknown'}**"


@click.command(help="Inject every known difference into pairs of backends, and search for it.")
@click.option("--pair", "pairs", multiple=True, help="As torch:keras; default: three pairs.")
@click.option("--inject", "names", multiple=True, help="Only these.")
@click.option("--seed", type=Whole(min=0), default=0, show_default=True)
@click.option("--report", "file", type=click.Path(path_type=Path), help="Write Markdown here.")
def table(pairs: tuple[str, ...], names: tuple[str, ...], seed: int, file: Path | None) -> None:
    """Run all searches and print each result; exits with 1 if any is wrong."""
    start = time.perf_counter()
    chosen: list[Pair] = [(one, other) for one, _, other in (p.partition(":") for p in pairs)]
    with TemporaryDirectory(prefix="triptych-table-") as folder:
        names = names or tuple(INJECTIONS)
        results = list(rows(chosen or PAIRS, names, seed, "float64", Path(folder)))
    if file is not None:
        file.write_text(markdown(results, seed, time.perf_counter() - start), encoding="utf-8")
    sys.exit(not all(row.right for row in results))


if __name__ == "__main__":
    run(table, "table")

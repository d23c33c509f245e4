"""Check that every injection is found: python -m compare.diverge.evaluation --report FILE

Each injection is made in the second backend of a pair, in the first lesson that can show it. The
diagnosis must name the run, step, stage and tensor that an entry-by-entry comparison of all arrays
on NumPy alone gives, and the injection itself as the likeliest cause.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from compare.diverge.diagnose import SCOUT, Diagnosis, diagnose
from compare.diverge.recipes import recipes
from compare.diverge.side import Setting, Side
from compare.diverge.walk import walk
from compare.gaps import gaps, over
from course.cli_errors import run
from course.options import Whole
from course.provenance import made_by
from injections import INJECTIONS, Injection, RunSpec

# What an entry must differ by, as a share of the tensor's largest, to be a plant's doing: far above
# rounding in float64, and below the smallest plant, β through float32 (1e-8 of a gradient).
VISIBLE = 1e-11
LESSONS = (4, 1, 2)  # the one with most kinds of runs first; 3 is part of 4
Pair = tuple[str, str]
PAIRS = (("numpy", "torch"), ("tensorflow", "jax"), ("keras", "pytensor"))


@dataclass(frozen=True)
class Place:
    """Where a plant shows first."""

    run: str
    step: int
    stage: str
    tensor: str

    def __str__(self) -> str:
        return f"{self.run}, step {self.step}, {self.stage}, {self.tensor}"


@dataclass(frozen=True)
class Row:
    """What became of one plant in one pair."""

    injection: str
    lesson: int
    pair: Pair
    expected: Place
    found: Place | None
    causes: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether place and cause are right."""
        return self.found == self.expected and self.causes[:1] == (self.injection,)


def shown_by(injection: Injection, found: Sequence[RunSpec]) -> Place | None:
    """Where a plant shows first in these runs, by every entry of every array; None if nowhere."""
    for recipe in found:
        if injection.shows(recipe):
            for a, b in zip_longest(walk(recipe), walk(injection.into(recipe))):
                if a is None or b is None or a.tensor != b.tensor or a.array.shape != b.array.shape:
                    return _place(recipe, a or b)
                if not (np.isfinite(a.array).all() or np.isfinite(b.array).all()):
                    break  # both have overflowed
                scale = max(float(np.abs(a.array).max(initial=0)), 1e-3)
                if over(gaps(a.array, b.array), np.array(VISIBLE * scale)).any():
                    return _place(recipe, a)
    return None


def _place(recipe: RunSpec, quantity: object) -> Place:
    return Place(recipe.name, quantity.step, quantity.stage, quantity.tensor)  # type: ignore[attr-defined]


def expectations(names: Sequence[str], seed: int, dtype: str) -> dict[str, tuple[int, Place]]:
    """For each plant the lesson that shows it, and where."""
    expected: dict[str, tuple[int, Place]] = {}
    for lesson in LESSONS:
        found = recipes(lesson, dtype, seed, None)
        for name in names:
            if name not in expected:
                place = shown_by(INJECTIONS[name], found)
                if place is not None:
                    expected[name] = lesson, place
    return expected


def rows(
    pairs: Sequence[Pair], names: Sequence[str], seed: int, dtype: str, folder: Path
) -> Iterator[Row]:
    """Every plant in the second backend of every pair, as many pairs at a time as cores."""
    expected = expectations(names, seed, dtype)
    tasks = [(pair, lesson) for lesson in LESSONS for pair in pairs]

    def searched(task: tuple[Pair, int]) -> list[Row]:
        (one, other), lesson = task
        here = [name for name in names if expected[name][0] == lesson]
        if not here:
            return []
        setting = Setting(lesson, dtype, seed)
        with (
            Side(one, setting, folder) as a,
            Side(other, setting, folder) as b,
            Side(SCOUT, setting, folder) as scout,
        ):
            found = []
            for name in here:
                b.injections = (name,)
                diagnosis = diagnose(a, b, scout=scout)
                found.append(_row(name, lesson, task[0], expected[name][1], diagnosis))
                click.echo(f"{one}:{other} {name}: {'ok' if found[-1].right else found[-1]}")
            return found

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(searched, tasks):
            yield from found


def _row(name: str, lesson: int, pair: Pair, expected: Place, diagnosis: Diagnosis) -> Row:
    first = diagnosis.divergences[0] if diagnosis.divergences else None
    if first is None:
        return Row(name, lesson, pair, expected, None, ())
    found = Place(first.gap.run, first.gap.step, first.gap.stage, first.gap.tensor)
    return Row(name, lesson, pair, expected, found, first.cause.suspects if first.cause else ())


def markdown(done: Sequence[Row], seed: int, seconds: float) -> str:
    """The table, for the docs."""
    pairs = list(dict.fromkeys(row.pair for row in done))
    right = sum(row.right for row in done)
    header = [
        "injection",
        "lesson",
        "first seen",
        *(" and ".join(p) for p in pairs),
        "the same here",
    ]
    lines = [
        "# Every injection, found",
        "",
        made_by("python -m compare.diverge.evaluation --report docs/reports/divergence.md"),
        "",
        f"{len(done)} searches, {right} right, seed {seed}, float64, {seconds / 60:.0f} minutes. "
        "Each injection is made in the second backend of a pair. ✓: `make diverge` names the right "
        "run, step, stage and tensor, and reports the injection as the first cause. The last "
        "column lists other injections that give the same numbers in that run.",
        "",
        f"| {' | '.join(header)} |",
        "|---|---|---|" + "---|" * (len(pairs) + 1),
    ]
    for name in dict.fromkeys(row.injection for row in done):
        of = {row.pair: row for row in done if row.injection == name}
        one = next(iter(of.values()))
        others = {cause: None for row in of.values() for cause in row.causes if cause != name}
        cells = [name, str(one.lesson), str(one.expected), *(_cell(of[p]) for p in pairs)]
        lines.append(f"| {' | '.join([*cells, ', '.join(others)])} |")
    return "\n".join(lines) + "\n"


def _cell(row: Row) -> str:
    return "✓" if row.right else f"**{row.found}: {', '.join(row.causes) or 'unknown'}**"


@click.command(help="Plant every known difference in pairs of backends, and look for it.")
@click.option("--pair", "pairs", multiple=True, help="Such as torch:keras; default: three pairs.")
@click.option("--inject", "names", multiple=True, help="Only these.")
@click.option("--seed", type=Whole(min=0), default=0, show_default=True)
@click.option("--report", "file", type=click.Path(path_type=Path), help="Write Markdown here.")
def table(pairs: tuple[str, ...], names: tuple[str, ...], seed: int, file: Path | None) -> None:
    """Run the table, print what is not right, and exit 1 if anything is not."""
    start = time.perf_counter()
    chosen: list[Pair] = [(one, other) for one, _, other in (p.partition(":") for p in pairs)]
    with TemporaryDirectory(prefix="triptych-table-") as folder:
        done = list(rows(chosen or PAIRS, names or list(INJECTIONS), seed, "float64", Path(folder)))
    if file is not None:
        file.write_text(markdown(done, seed, time.perf_counter() - start), encoding="utf-8")
    sys.exit(not all(row.right for row in done))


if __name__ == "__main__":
    run(table, "table")

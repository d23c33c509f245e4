"""Every injection in every lesson, on NumPy alone and in one process, where a warning is an error.

Many an injection makes a run diverge: its numbers grow until they are none. Whatever is said of it,
by sketches and budgets, in the table, the figure and the JSON, is said without a warning; and it is
said that the runs part no earlier than their arrays do. Short runs are enough: what grows tenfold a
step leaves the floats within thirty.
"""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from compare.diverge import report
from compare.diverge.budget import SAME_BITS
from compare.diverge.diagnose import Diagnosis, Divergence
from compare.diverge.figure import figure
from compare.diverge.first import Gap, first_over, gaps
from compare.diverge.kitchen import TRACED
from compare.diverge.quantity import STAGES, Sketch, sketch
from compare.diverge.session import Setting, Side
from compare.diverge.table import Place, shown_by
from compare.diverge.walk import walk
from compare.plants import PLANTS, Recipe
from tests.plants.short import short_recipes

SEEDS = 10
DRAWN = 2  # injections in `make test`, in each lesson
EARLY = {stage: i for i, stage in enumerate(STAGES)}


def judged(recipe: Recipe, name: str, lesson: int, sound: list[Sketch]) -> list[Gap]:
    """The gaps of a sound run to one with an injection, which itself is equal to itself."""
    wrong = [sketch(q) for q in walk(PLANTS[name].into(recipe))]
    dtype = recipe.Model.dtype
    assert first_over(gaps(recipe.name, wrong, wrong, lesson, dtype)) is None
    return list(gaps(recipe.name, sound, wrong, lesson, dtype))


def check(lesson: int, dtype: str, seed: int, names: list[str], folder: Path) -> Counter[str]:
    """Put each injection into each run that can show it; how many applied, showed, overflowed."""
    counts: Counter[str] = Counter()
    root = float(np.sqrt(np.finfo(dtype).max))  # what is larger overflows when it is squared
    a, b = (Side("numpy", Setting(lesson, dtype, seed), folder) for _ in "ab")
    for recipe in short_recipes(lesson, dtype, seed):
        sound = [sketch(q) for q in walk(recipe)]
        for name in names:
            if not PLANTS[name].shows(recipe):
                continue
            found = judged(recipe, name, lesson, sound)
            over = first_over(found)
            expected = shown_by(PLANTS[name], [recipe])
            far = any(not g.compared or max(g.ours, g.theirs) > root for g in found)
            counts.update(applied=1, shown=over is not None, overflowed=far)
            told(
                a, b, Diagnosis([Divergence(over, ([], []))] if over else [], {recipe.name: found})
            )
            # Bits may differ where nothing that can be seen does: scaled twice is scaled once.
            if over is not None and over.stage not in SAME_BITS:
                assert expected is not None, f"{name} in {recipe.name} is seen where nothing is"
                assert order(over) >= order(expected), f"{name}: {over} is before {expected}"
    return counts


def order(place: Gap | Place) -> tuple[int, int]:
    return place.step, EARLY[place.stage]


def told(a: Side, b: Side, diagnosis: Diagnosis) -> None:
    """Whatever is made of a diagnosis, but for what asks an engine."""
    values = [None] * len(diagnosis.divergences)
    screen = Console(file=io.StringIO())
    report.show(screen, a, b, diagnosis, values)
    json.dumps(report.plain(a, b, diagnosis, values), allow_nan=False)


def names_drawn(seed: int, lesson: int, dtype: str) -> Iterator[str]:
    yield "gradients_of_the_sum"  # the one that was found on somebody's screen
    found = short_recipes(lesson, dtype, seed % 1000)
    able = [name for name in sorted(PLANTS) if any(map(PLANTS[name].shows, found))]
    yield from random.Random(seed * 10 + lesson).sample(able, min(DRAWN, len(able)))


def test_all_injections_in_lesson_2_are_measured_without_a_warning(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The lesson with a run that diverges on purpose."""
    option = request.config.getoption
    counts = check(2, option("--dtype"), option("--seed") % 1000, sorted(PLANTS), tmp_path)
    assert counts["applied"] > 50
    assert counts["overflowed"]


@pytest.mark.parametrize("lesson", [1, 3, 4])
def test_injections_drawn_are_measured_without_a_warning(
    lesson: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    seed = request.config.getoption("--seed")
    dtype = request.config.getoption("--dtype")
    names = list(dict.fromkeys(names_drawn(seed, lesson, dtype)))
    assert check(lesson, dtype, seed % 1000, names, tmp_path)["applied"]


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("lesson", TRACED)
def test_all_injections_of_ten_seeds_are_measured_without_a_warning(
    lesson: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    dtype = request.config.getoption("--dtype")  # a process loads an engine in one
    first, total = request.config.getoption("--seed") % 1000, Counter[str]()
    for seed in range(first, first + SEEDS):
        total += check(lesson, dtype, seed, sorted(PLANTS), tmp_path)
    print(f"lesson {lesson}, {dtype}: {dict(total)}")
    assert total["shown"]


def test_the_figure_of_runs_that_overflow_is_drawn_without_a_warning(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    dtype = request.config.getoption("--dtype")
    (recipe,) = (r for r in short_recipes(2, dtype, 0) if r.name == "too_high")
    sound = [sketch(q) for q in walk(recipe)]
    for name in ("gradients_of_the_sum", "half_of_the_square"):
        found = judged(recipe, name, 2, sound)
        figure("a", "b", Diagnosis([], {"run": found})).savefig(tmp_path / "a.png", dpi=20)

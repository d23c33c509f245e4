"""Every injection in every lesson, on NumPy alone and in one process, where a warning is an error.

Many injections make a run diverge until it overflows. Sketches, budgets, the table, the figure and
the JSON must handle that without a warning, and must not report a difference earlier than the
arrays show one. Short runs are enough: numbers that grow tenfold a step overflow within thirty.
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

from compare.budgets import budget_of
from compare.diverge import report
from compare.diverge.diagnose import Diagnosis, Divergence
from compare.diverge.evaluation import Place, shown_by
from compare.diverge.figure import figure
from compare.diverge.gap import SAME_BITS, Gap, first_over, gaps
from compare.diverge.side import Setting, Side
from compare.diverge.sketch import STAGES, Sketch, sketch
from compare.diverge.walk import walk
from course.lessons import TRACEABLE
from injections import INJECTIONS, RunSpec
from tests.injections.conftest import short_specs

SEEDS = 10
DRAWN = 2  # injections in `make test`, in each lesson
EARLY = {stage: i for i, stage in enumerate(STAGES)}


def judged(spec: RunSpec, name: str, lesson: int, sound: list[Sketch]) -> list[Gap]:
    """The gaps between a sound run and one with an injection; also checks that the latter is
    equal to itself."""
    wrong = [sketch(q) for q in walk(INJECTIONS[name].into(spec))]
    dtype = spec.Model.dtype
    budget = budget_of(lesson, dtype)
    assert first_over(gaps(spec.name, wrong, wrong, budget, dtype)) is None
    return list(gaps(spec.name, sound, wrong, budget, dtype))


def check(lesson: int, dtype: str, seed: int, names: list[str], folder: Path) -> Counter[str]:
    """Try each injection in each run that can show it; count which apply, show and overflow."""
    counts: Counter[str] = Counter()
    root = float(np.sqrt(np.finfo(dtype).max))  # larger numbers overflow when squared
    a, b = (Side("numpy", Setting(lesson, dtype, seed), folder) for _ in "ab")
    for spec in short_specs(lesson, dtype, seed):
        sound = [sketch(q) for q in walk(spec)]
        for name in names:
            if not INJECTIONS[name].shows(spec):
                continue
            run_gaps = judged(spec, name, lesson, sound)
            over = first_over(run_gaps)
            expected = shown_by(INJECTIONS[name], [spec])
            large = any(not g.compared or max(g.ours, g.theirs) > root for g in run_gaps)
            counts.update(applied=1, shown=over is not None, overflowed=large)
            divergences = [Divergence(over, ([], []))] if over else []
            check_report(a, b, Diagnosis(divergences, {spec.name: run_gaps}))
            # Bits may differ without a visible effect: scaling twice rounds differently from once.
            if over is not None and over.stage not in SAME_BITS:
                assert expected is not None, f"{name} in {spec.name} shows where arrays are equal"
                assert order(over) >= order(expected), f"{name}: {over} is before {expected}"
    return counts


def order(place: Gap | Place) -> tuple[int, int]:
    return place.step, EARLY[place.stage]


def check_report(a: Side, b: Side, diagnosis: Diagnosis) -> None:
    """Print the diagnosis and convert it to JSON, without a running backend."""
    values = [None] * len(diagnosis.divergences)
    screen = Console(file=io.StringIO())
    report.show(screen, a, b, diagnosis, values)
    json.dumps(report.plain(a, b, diagnosis, values), allow_nan=False)


def names_drawn(seed: int, lesson: int, dtype: str) -> Iterator[str]:
    yield "gradients_of_the_sum"  # it once caused a warning
    specs = short_specs(lesson, dtype, seed % 1000)
    visible = [name for name in sorted(INJECTIONS) if any(map(INJECTIONS[name].shows, specs))]
    yield from random.Random(seed * 10 + lesson).sample(visible, min(DRAWN, len(visible)))


def test_all_injections_in_lesson_2_are_measured_without_a_warning(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The lesson with a run that diverges on purpose."""
    option = request.config.getoption
    counts = check(2, option("--dtype"), option("--seed") % 1000, sorted(INJECTIONS), tmp_path)
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
@pytest.mark.parametrize("lesson", TRACEABLE)
def test_all_injections_of_ten_seeds_are_measured_without_a_warning(
    lesson: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    dtype = request.config.getoption("--dtype")  # a process loads a backend in one
    first, total = request.config.getoption("--seed") % 1000, Counter[str]()
    for seed in range(first, first + SEEDS):
        total += check(lesson, dtype, seed, sorted(INJECTIONS), tmp_path)
    print(f"lesson {lesson}, {dtype}: {dict(total)}")
    assert total["shown"]


def test_the_figure_of_runs_that_overflow_is_drawn_without_a_warning(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    dtype = request.config.getoption("--dtype")
    (spec,) = (r for r in short_specs(2, dtype, 0) if r.name == "too_high")
    sound = [sketch(q) for q in walk(spec)]
    for name in ("gradients_of_the_sum", "half_of_the_square"):
        run_gaps = judged(spec, name, 2, sound)
        figure("a", "b", Diagnosis([], {"run": run_gaps})).savefig(tmp_path / "a.png", dpi=20)

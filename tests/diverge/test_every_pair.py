"""A trace of each engine serves all its pairs, and no pair of healthy engines parts."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest

from adapters import ENGINES
from compare.diverge.diagnose import diagnose
from compare.diverge.session import Setting, Side

LESSONS = (1, 2, 3, 4)
# Drawn by the seed: a short lesson, and so many engines. The slow test takes all of both, in both
# precisions.
QUICK = (1, 2, 3)
DRAWN = 2


def pairs(
    setting: Setting, folder: Path, engines: Sequence[str] = tuple(ENGINES)
) -> Iterator[tuple[str, str, list[str]]]:
    """Each pair of engines with what lies between them."""

    def traced(engine: str) -> Side:
        with Side(engine, setting, folder) as side:
            side.trace_file()
            return side

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(traced, reversed(engines)))
    for one, other in combinations(engines, 2):
        with Side(one, setting, folder) as a, Side(other, setting, folder) as b:
            diagnosis = diagnose(a, b)
            started = [side.name for side in (a, b) if side.process is not None]
            assert diagnosis.divergences or not started, "a kept trace was made again"
            yield one, other, [str(d.gap) for d in diagnosis.divergences if not d.flip]


def test_healthy_engines_drawn_by_the_seed_agree_in_every_pair(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    seed = request.config.getoption("--seed")
    draw = random.Random(seed)
    setting = Setting(draw.choice(QUICK), seed=seed % 1000)
    for one, other, parted in pairs(setting, tmp_path, draw.sample(list(ENGINES), DRAWN)):
        assert parted == [], f"{one} and {other}, {setting}"


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_all_lessons_agree_in_every_pair(lesson: int, dtype: str, tmp_path: Path) -> None:
    for one, other, parted in pairs(Setting(lesson, dtype), tmp_path):
        assert parted == [], f"{one} and {other}"

"""A trace of each backend serves all its pairs, and every pair of healthy backends agrees."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest

from adapters import BACKENDS
from compare.diverge.diagnose import diagnose
from compare.diverge.side import Setting, Side
from course.lessons import TRACEABLE

# The seed draws a short lesson and this many backends. The slow test takes all of them, in both
# dtypes.
QUICK = (1, 2, 3)
DRAWN = 2


def pairs(
    setting: Setting, folder: Path, backends: Sequence[str] = tuple(BACKENDS)
) -> Iterator[tuple[str, str, list[str]]]:
    """Each pair of backends with the differences between them."""

    def make_trace(backend: str) -> Side:
        with Side(backend, setting, folder) as side:
            side.trace_file()
            return side

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make_trace, reversed(backends)))
    for one, other in combinations(backends, 2):
        with Side(one, setting, folder) as a, Side(other, setting, folder) as b:
            diagnosis = diagnose(a, b)
            started = [side.name for side in (a, b) if side.process is not None]
            assert diagnosis.divergences or not started, "a cached trace was made again"
            yield one, other, [str(d.gap) for d in diagnosis.divergences if not d.flip]


def test_healthy_backends_drawn_by_the_seed_agree_in_every_pair(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    seed = request.config.getoption("--seed")
    draw = random.Random(seed)
    setting = Setting(draw.choice(QUICK), seed=seed % 1000)
    for one, other, differences in pairs(setting, tmp_path, draw.sample(list(BACKENDS), DRAWN)):
        assert differences == [], f"{one} and {other}, {setting}"


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("lesson", TRACEABLE)
def test_all_lessons_agree_in_every_pair(lesson: int, dtype: str, tmp_path: Path) -> None:
    for one, other, differences in pairs(Setting(lesson, dtype), tmp_path):
        assert differences == [], f"{one} and {other}"

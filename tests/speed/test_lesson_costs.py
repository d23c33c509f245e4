"""What a warm lesson 3 costs beyond the imports that it cannot do without."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters import ENGINES
from datasets import Images, load
from tests.speed.children import Cost, module, statement

pytestmark = [
    pytest.mark.skipif(not shutil.which("sh"), reason="there is no sh to start from"),
    pytest.mark.skipif(os.name == "nt", reason="the system does not say how much memory was held"),
]

# One epoch of 10,000 rows, its figures and its record: seconds of CPU over those of the imports.
# The figures are saved by a process of their own and are not in it.
LESSON = 3.0
# The rows in float64 as the data set hands them out (2), in the run's dtype (1), and the copy that
# an engine shuffles (1).
COPIES = 4
# Compiled graphs, scikit-learn and SciPy for the optimum, figures on their way to the printer.
REST_MB = 150.0

# The two whose imports alone take five seconds, and which share kernels with others.
SLOW = {"tensorflow", "keras"}
BACKENDS = [pytest.param(e, marks=[pytest.mark.slow] if e in SLOW else []) for e in ENGINES]


@dataclass(frozen=True)
class Costs:
    """A lesson and its imports."""

    lesson: Cost
    engine: Cost
    drawing: Cost
    both: Cost


@cache
def costs(backend: str) -> Costs:
    """Run lesson 3 twice, for other work on the machine only adds to it, and what is compared."""
    engine = f"from adapters import load; load({backend!r})"
    drawing = "import matplotlib.pyplot"
    with TemporaryDirectory() as folder:
        laps = [
            module(Path(folder), "course", "lesson3", f"--backend={backend}", "--epochs=1")
            for _ in range(2)
        ]
        assert all(lap.status == 0 for lap in laps), laps
        lesson = min(laps, key=lambda lap: lap.cpu)
        return Costs(
            lesson,
            statement(Path(folder), engine),
            statement(Path(folder), drawing),
            statement(Path(folder), f"{engine}; {drawing}"),
        )


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_lesson_takes_three_seconds_more_than_its_imports(backend: str) -> None:
    c = costs(backend)
    assert c.lesson.cpu <= c.engine.cpu + c.drawing.cpu + LESSON


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_lesson_holds_four_copies_of_its_data_and_little_else(backend: str) -> None:
    c, data = costs(backend), load("fashion10k")
    assert isinstance(data, Images)
    arrays = 4 * (data.x_train.size + data.x_test.size) / 2**20  # float32
    assert c.lesson.peak_mb is not None
    assert c.both.peak_mb is not None
    assert c.lesson.peak_mb <= c.both.peak_mb + COPIES * arrays + REST_MB

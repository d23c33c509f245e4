"""What costs time or memory and depends on no clock: imports, and copies of the data."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters import BACKENDS
from course.settings import ROOT
from datasets import Images, load
from tests.speed.children import Cost, module, statement

pytestmark = pytest.mark.skipif(not shutil.which("sh"), reason="there is no sh to start from")

HEAVY = {
    "torch", "tensorflow", "keras", "jax", "pytensor", "matplotlib", "scipy", "sklearn",
    "hypothesis", "IPython",
}  # fmt: skip

COMMANDS = [
    ("course", "--help"),
    ("course", "lesson3", "--help"),
    ("course", "lesson3", "--backend=nonesuch"),
    ("course", "lesson3", "--epochs=many"),
    ("course", "lesson9"),
    ("compare", "--help"),
    ("benchmarks", "--help"),
    ("benchmarks", "--threads=none"),
    ("benchmarks.growth", "--help"),
    ("kit", "--help"),
    ("kit", "doctor"),
    ("kit", "lesson3", "--backend=nonesuch"),
    ("kit", "nonesuch"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_answer_comes_at_once(command: tuple[str, ...], tmp_path: Path) -> None:
    cost = module(tmp_path, *command)
    assert cost.output
    assert "Traceback" not in cost.output
    assert cost.modules & HEAVY == set()


def test_the_check_can_fail(tmp_path: Path) -> None:
    assert ROOT.is_dir()
    cost = statement(tmp_path, "import matplotlib.pyplot")
    assert cost.modules & HEAVY == {"matplotlib"}


tells_memory = pytest.mark.skipif(
    os.name == "nt", reason="the system does not say how much memory a process took"
)

# The rows in float64 as the data set returns them (2), in the run's dtype (1), and the copy that
# a backend shuffles (1).
COPIES = 4
# Compiled graphs, scikit-learn and SciPy for the optimum, figures waiting to be written. With an
# empty cache, so that the optimum has to be found, this came to 168 on jax, 159 on torch and 132 on
# keras-jax.
REST_MB = 200.0

# Their imports alone take five seconds, and they share kernels with others.
SLOW = {"tensorflow", "keras"}
BACKENDS = [pytest.param(e, marks=[pytest.mark.slow] if e in SLOW else []) for e in BACKENDS]


@dataclass(frozen=True)
class Costs:
    """A lesson and its imports."""

    lesson: Cost
    both: Cost


def costs(backend: str) -> Costs:
    """Run lesson 3 with an empty cache, and its imports alone."""
    imports = f"from adapters import load; load({backend!r}); import matplotlib.pyplot"
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIPTYCH_CACHE", f"{folder}/cache")
        lesson = module(Path(folder), "course", "lesson3", f"--backend={backend}", "--epochs=1")
        assert lesson.status == 0, lesson
        return Costs(lesson, statement(Path(folder), imports))


@tells_memory
@pytest.mark.sampled(1)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_lesson_holds_four_copies_of_its_data_and_little_else(backend: str) -> None:
    c, data = costs(backend), load("fashion10k")
    assert isinstance(data, Images)
    arrays = 4 * (data.x_train.size + data.x_test.size) / 2**20  # float32
    assert c.lesson.peak_mb is not None
    assert c.both.peak_mb is not None
    assert c.lesson.peak_mb <= c.both.peak_mb + COPIES * arrays + REST_MB

"""Help, wrong input and the doctor import nothing heavy, so that they answer at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.settings import ROOT
from tests.speed.children import module, statement

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

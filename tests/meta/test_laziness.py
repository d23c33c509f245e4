"""Nothing is imported that was not chosen: one framework a process, and none too early."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.meta.conftest import OPENED_ALONE, Opened
from tests.meta.process import python

FRAMEWORKS = {"torch", "tensorflow", "keras", "jax", "pytensor"}
# What a framework brings along by itself: TensorFlow imports Keras, Keras the framework it runs on.
BRINGS: dict[str, set[str]] = {
    "numpy": set(),
    "torch": {"torch"},
    "tensorflow": {"tensorflow", "keras"},
    "keras": {"keras", "tensorflow"},
    "keras-torch": {"keras", "torch"},
    "keras-jax": {"keras", "jax"},
    "jax": {"jax"},
    "pytensor": {"pytensor"},
}
# TensorFlow's lite and Keras's Orbax callback import JAX by themselves, where it is installed:
# that is theirs to do, and no adapter of ours.
LOOKS_FOR_JAX = {"tensorflow", "keras", "keras-torch"}
CODE = "import sys; {}; print(*sorted({} & set(sys.modules)))"


def imported(statement: str, heavy: set[str], path: str = "") -> set[str]:
    """Which of these packages a statement brings into a fresh process."""
    return set(python(CODE.format(statement, heavy), path=path).split())


@pytest.mark.parametrize("backend", OPENED_ALONE)
def test_an_adapter_imports_its_own_framework_only(
    backend: str, opened: Callable[[str], Opened]
) -> None:
    found = FRAMEWORKS & opened(backend).modules
    assert found - ({"jax"} if backend in LOOKS_FOR_JAX else set()) == BRINGS[backend]


@pytest.mark.parametrize(
    "module",
    [
        "adapters",
        "adapters.contract",
        "adapters.environment",
        "datasets",
        "course",
        "compare.cli",
        "compare.compare_records",
        "triptych.__main__",
        "triptych.differences.command",
    ],
)
def test_nothing_heavy_before_it_is_asked_for(module: str) -> None:
    assert imported(f"import {module}", FRAMEWORKS | {"matplotlib", "sklearn"}) == set()


def test_the_check_can_fail(tmp_path: Path) -> None:
    (tmp_path / "eager.py").write_text("from helper import anything\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("import keras\nanything = 1\n", encoding="utf-8")
    (tmp_path / "keras.py").write_text("", encoding="utf-8")  # stands in for the framework
    assert imported("import eager", FRAMEWORKS, path=str(tmp_path)) == {"keras"}

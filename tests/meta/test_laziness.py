"""Only the chosen framework is imported in a process, and only when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.meta.conftest import OPENED_ALONE, Opened
from tests.meta.loading import python

FRAMEWORKS = {"torch", "tensorflow", "keras", "jax", "pytensor"}
# The frameworks that each imports itself: TensorFlow imports Keras, Keras the one it runs on.
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
# TensorFlow's lite and Keras's Orbax callback import JAX themselves, where it is installed; our
# adapters do not.
LOOKS_FOR_JAX = {"tensorflow", "keras", "keras-torch"}
CODE = "import sys; {}; print(*sorted({} & set(sys.modules)))"


def imported(statement: str, heavy: set[str], path: str = "") -> set[str]:
    """Those of these packages that a statement imports in a fresh process."""
    return set(python(CODE.format(statement, heavy), path=path).split())


@pytest.mark.parametrize("backend", OPENED_ALONE)
def test_an_adapter_imports_its_own_framework_only(
    backend: str, opened: Callable[[str], Opened]
) -> None:
    frameworks = FRAMEWORKS & opened(backend).modules
    assert frameworks - ({"jax"} if backend in LOOKS_FOR_JAX else set()) == BRINGS[backend]


@pytest.mark.parametrize(
    "module",
    [
        "adapters",
        "adapters.contract",
        "adapters.environment",
        "adapters.laws.registry",
        "datasets",
        "course",
        "compare.cli",
        "compare.compare_records",
        "triptych.__main__",
        "triptych.differences.command",
    ],
)
def test_importing_our_modules_imports_nothing_heavy(module: str) -> None:
    assert imported(f"import {module}", FRAMEWORKS | {"matplotlib", "sklearn"}) == set()


def test_the_check_can_fail(tmp_path: Path) -> None:
    (tmp_path / "eager.py").write_text("from helper import anything\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("import keras\nanything = 1\n", encoding="utf-8")
    (tmp_path / "keras.py").write_text("", encoding="utf-8")  # stands in for the framework
    assert imported("import eager", FRAMEWORKS, path=str(tmp_path)) == {"keras"}


def test_the_laws_need_no_package_of_the_tests() -> None:
    """Whoever checks an adapter of their own has the packages of a backend, and no others."""
    modules = "compare.check_adapter.__main__, compare.check_adapter.trial"
    assert imported(f"import {modules}", {"pytest", "hypothesis", "_pytest", "psutil"}) == set()


def test_importing_adapters_does_not_import_the_laws() -> None:
    assert imported("import adapters, course.cli", {"adapters.laws.registry"}) == set()

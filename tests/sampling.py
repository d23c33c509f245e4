"""The sample of test cases that `make test` runs; `make test-all` runs all of them.

`@pytest.mark.sampled(2)` on a parametrized test makes `make test` run two of its cases, drawn by a
fixed seed. The others are marked slow, as are the slowest and least informative cases on backends
that share another's kernels.
"""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from adapters import BACKENDS
from adapters.laws.architectures import LAYERED
from course.lessons import LESSONS

# The seed of `make test`. Fresh seeds belong to `make test-all`, which draws one and prints it.
SEED = 20261129

# They use the kernels of PyTorch, JAX or NumPy, which are tested in full; so these are tested by a
# sample, in one precision.
SHARING = {"keras-torch": "float64", "keras-jax": "float32", "pytensor": "float64"}
SHARE = 24  # one case in so many
SHARED = ("test_laws.py", "test_mutants.py", "test_laws_sample.py", "test_resume.py")
IN_FULL = [name for name in BACKENDS if name not in SHARING]
IN_FLOAT32 = (1, 4, 6)  # each lesson runs in one precision; the others in float64
POISONED = 2  # backends whose environment is spoiled on purpose
# Backends that compile, which takes long.
COMPILING = ("tensorflow", "keras", "jax")
# For each law in float64, of nine architectures of dense layers and of five with others; in float32
# one of them all, for one law in two. NumPy and PyTorch take every one.
DRAWN_DENSE, DRAWN_LAYERED, DRAWN_IN_FLOAT32 = 1, 1, 1
LAWS_IN_FLOAT32 = 2
DRAWN_FEW = 2  # of the four on which some laws are tried
LONG_RUNS = 1  # of four, where a run takes a minute
FEW = 1  # of the tests of compiled epochs, in float32
RESUMED = 1  # of them, in float64


def leave_to_test_all(items: list[pytest.Item], backend: str, dtype: str, seed: int) -> None:
    """Mark as slow whatever `make test` does not run."""
    for name, cases in _cases(items).items():
        marker = cases[0].get_closest_marker("sampled")
        if marker:
            _keep(cases, marker.args[0], f"{seed} {name}")
    if backend in COMPILING:
        for law, cases in _laws(items, "architecture").items():
            if dtype == "float32":
                left_out = random.Random(f"{seed} {backend} {law}").randrange(LAWS_IN_FLOAT32)
                _keep(cases, 0 if left_out else DRAWN_IN_FLOAT32, f"{seed} {law}")
                continue
            of_layers = [case for case in cases if _architecture(case) in LAYERED]
            _keep(of_layers, DRAWN_LAYERED, f"{seed} {law} of layers")
            dense = [case for case in cases if _architecture(case) not in LAYERED]
            _keep(dense, DRAWN_DENSE, f"{seed} {law}")
        for law, cases in _laws(items, "name").items():
            _keep(cases, DRAWN_FEW, f"{seed} {law}")
    if backend in COMPILING or backend in SHARING:
        long = [item for item in items if "a_long_run" in item.name]
        _keep(long, LONG_RUNS, f"{seed} {backend} long")
    if backend in COMPILING and dtype == "float32":
        compiled = [item for item in items if item.path.name == "test_compiled_epoch.py"]
        _keep(compiled, FEW, f"{seed} compiled")
    for item in items:
        if _spared(item, backend, dtype, seed):
            item.add_marker(pytest.mark.slow)


def _cases(items: list[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """The cases of each test that are not slow already, under its name without parameters."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if not item.get_closest_marker("slow"):
            cases[item.nodeid.partition("[")[0]].append(item)
    return cases


def _laws(items: list[pytest.Item], on: str) -> dict[str, list[pytest.Item]]:
    """The cases of each law that is tried on one architecture after another, by that parameter."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if item.path.name == "test_laws.py" and on in params:
            cases[params["law"].__name__].append(item)
    return cases


def _architecture(case: pytest.Item) -> str:
    return str(case.callspec.params["architecture"])  # type: ignore[attr-defined]


def _keep(cases: list[pytest.Item], count: int, seed: str) -> None:
    drawn = set(random.Random(seed).sample(range(len(cases)), min(count, len(cases))))
    for i, case in enumerate(cases):
        if i not in drawn:
            case.add_marker(pytest.mark.slow)


def _spared(item: pytest.Item, backend: str, dtype: str, seed: int) -> bool:
    lesson, file = _lesson(item), item.path.name
    if lesson is not None:
        if backend in SHARING:
            return lesson != random.Random(f"{seed} {backend} {dtype}").choice([*LESSONS])
        return dtype != ("float32" if lesson in IN_FLOAT32 else "float64")
    if file == "test_environment.py" and item.path.parent.name == "conformance":
        poisoned = random.Random(f"{seed} poisoned").sample(IN_FULL, POISONED)
        return dtype != "float32" or backend not in poisoned  # the precision of the lessons
    if file == "test_mutants.py" and hasattr(item, "callspec"):
        mutant = item.callspec.params.get("mutant")
        if mutant and backend in COMPILING and dtype == "float32":
            return not mutant.dtype  # killed in float64
    if file == "test_resume.py" and backend in COMPILING:
        return dtype == "float32" or backend not in random.Random(seed).sample(COMPILING, RESUMED)
    if backend in SHARING and file in SHARED:
        return random.Random(f"{seed} {item.nodeid}").randrange(SHARE) > 0
    return False


def _lesson(item: pytest.Item) -> int | None:
    """The lesson that a case of tests/lessons/test_parity.py runs."""
    if item.path.name != "test_parity.py" or not hasattr(item, "callspec"):
        return None
    return item.callspec.params.get("pair")

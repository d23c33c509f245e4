"""Where compiling takes seconds, each law is tried on dense layers and on others all the same."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from adapters.laws.architectures import DENSE, LAYERED
from adapters.laws.registry import EACH, SINGLE
from course.settings import ROOT
from tests.sampling import COMPILING

CASE = re.compile(r"::test_(?:each|single)\[(.*)\]$", re.MULTILINE)


def drawn(backend: str, dtype: str, *seed: str) -> dict[str, set[str]]:
    """The architectures on which `make test` tries each law; nothing is run."""
    command = ["-m", "pytest", "--collect-only", "-q", "-m", "not slow", "tests/conformance"]
    done = subprocess.run(
        [sys.executable, *command, f"--backend={backend}", f"--dtype={dtype}", *seed],
        cwd=ROOT, text=True, capture_output=True, check=True,
    )  # fmt: skip
    found = defaultdict(set)
    for name in CASE.findall(done.stdout):
        parts = set(name.split("-"))
        (architecture,) = parts & {*DENSE, *LAYERED}
        (law,) = parts - {architecture}
        found[law].add(architecture)
    return found


@pytest.mark.parametrize("backend", COMPILING)
def test_each_law_is_tried_on_dense_layers_and_on_others(backend: str) -> None:
    laws = drawn(backend, "float64", "--seed=5")
    assert set(laws) == {law.__name__.removeprefix("law_") for law in (*EACH, *SINGLE)}
    for law, names in laws.items():
        assert (len(names & set(DENSE)), len(names & set(LAYERED))) == (1, 1), law
    assert len({name for names in laws.values() for name in names & set(LAYERED)}) == len(LAYERED)


def test_in_float32_about_half_of_the_laws_are_tried_on_one() -> None:
    of_backends = [drawn(backend, "float32") for backend in COMPILING]
    assert {len(names) for laws in of_backends for names in laws.values()} == {1}
    for laws in of_backends:
        assert len(laws) > (len(EACH) + len(SINGLE)) / 4
        assert {name for names in laws.values() for name in names} & set(LAYERED)


def test_numpy_tries_every_law_on_all() -> None:
    assert {*map(frozenset, drawn("numpy", "float64").values())} == {frozenset({*DENSE, *LAYERED})}

"""Load a backend in a process of its own, once for several tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from adapters import BACKENDS
from tests.meta.loading import python

# keras-jax has the same adapter, and on these two the import alone takes ten seconds.
SAME_ADAPTER = ("keras", "keras-torch")
OPENED_ALONE = [
    pytest.param(name, marks=[pytest.mark.slow] * (name in SAME_ADAPTER)) for name in BACKENDS
]
CODE = """
import os, sys
from adapters import TriptychError, load
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
try:
    load(sys.argv[1], device="gpu")
except TriptychError as error:
    print(type(error).__name__, error)
load(sys.argv[1])
print(*sys.modules)
"""


@dataclass(frozen=True)
class Opened:
    """The error of `load` for a missing GPU, and the modules that it then imported on the CPU."""

    refusal: str
    modules: frozenset[str]


@pytest.fixture(scope="session")
def opened() -> Callable[[str], Opened]:
    """opened(backend) loads one of OPENED_ALONE."""

    @cache
    def alone(backend: str) -> Opened:
        refusal, modules = python(CODE, backend).splitlines()
        return Opened(refusal, frozenset(modules.split()))

    return alone

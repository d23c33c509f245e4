"""The runs of each lesson on NumPy, in float64, shortened; each lesson is run once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from injections import RunSpec
from tests.injections.short import short_specs

Specs = Callable[[int], list[RunSpec]]


@pytest.fixture(scope="session")
def specs() -> Specs:
    """specs(4) returns the shortened runs of lesson 4."""
    return lambda lesson: short_specs(lesson, "float64", 0)

"""The recipes of lessons 1, 2 and 4 on NumPy, in float64: each lesson is run once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from injections import RunSpec
from tests.injections.short import short_recipes

Kitchen = Callable[[int], list[RunSpec]]


@pytest.fixture(scope="session")
def kitchen() -> Kitchen:
    """kitchen(4): what lesson 4 trains, cut short."""
    return lambda lesson: short_recipes(lesson, "float64", 0)

"""The recipes of lessons 1, 2 and 4 on NumPy, in float64: each lesson is run once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compare.diverge.kitchen import recipes
from compare.plants import Recipe
from tests.plants.short import shortened

Kitchen = Callable[[int], list[Recipe]]


@pytest.fixture(scope="session")
def kitchen() -> Kitchen:
    """kitchen(4): what lesson 4 trains, cut short."""
    cooked: dict[int, list[Recipe]] = {}

    def of(lesson: int) -> list[Recipe]:
        if lesson not in cooked:
            cooked[lesson] = [shortened(r) for r in recipes(lesson, "float64", 0, None)]
        return cooked[lesson]

    return of

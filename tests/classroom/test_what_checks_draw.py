"""A right answer is right, whatever numbers the check draws.

The checks of a whole class draw some thousands of times. What refuses one right answer in a
thousand takes somebody's points.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from classroom.judging import exercises
from course.lessons import LESSONS
from course.settings import ROOT

# Draws that once refused the solution: in one of 700, two losses came so near each other that they
# were equal up to rounding; in one of 50, a radio took so many evaluations that it alone decided.
UNLUCKY = {(5, "cages"): [7000167, 7000547], (2, "search"): [7000009, 7000020]}
MANY, FEW = 300, 10
SLOW = ("features", "hidden_layer", "wide_road", "write")  # their checks train networks


def refused(lesson: int, name: str, seeds: Sequence[int]) -> list[int]:
    """With which of these seeds of the check the solution does not have all points."""
    command = [sys.executable, "-m", "tests.classroom.drawing", str(lesson), name]
    done = subprocess.run(
        [*command, *map(str, seeds)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[int] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("lesson", "name"), UNLUCKY)
def test_unlucky_draws(lesson: int, name: str) -> None:
    assert refused(lesson, name, UNLUCKY[lesson, name]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lesson", "name"), [(n, each.name) for n in LESSONS for each in exercises(n)]
)
def test_many_draws(lesson: int, name: str) -> None:
    assert refused(lesson, name, range(FEW if name in SLOW else MANY)) == []

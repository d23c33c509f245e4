"""What a check is written with: an exercise, what it expects, and the hint where that is missing.

    @exercise("by_hand", title="One house by hand", points=2, minutes=5)
    def by_hand(student: Student) -> None:
        '''What is judged, for a teacher.'''
        expect(near(student.value("predicted"), 266), "…", worth=1)
        expect(near(student.call("price", x, w), x @ w), "…")

An exercise is worth all its points or none. But an `expect` with `worth=1` costs that one point
only, and judging goes on: for a prediction, which need not be right to have been useful.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from classroom.rules import OWN_WORK, Rules

if TYPE_CHECKING:
    from classroom.student import Student

# Half of the digits of float32: a right answer is off by roundings only, a wrong one in its first
# digits, and between them is room for any order in which somebody may add up.
CLOSE = 3e-4


Judge = Callable[["Student"], None]


class Wrong(Exception):
    """What the student has written is not what was asked for; the message is the hint."""


@dataclass(frozen=True)
class Exercise:
    """One exercise, how it is judged, and whose work it may be; `judge` raises Wrong."""

    name: str
    title: str
    points: int
    minutes: int
    judge: Judge
    rules: Rules = OWN_WORK


_lost: ContextVar[list[tuple[float, str]] | None] = ContextVar("lost", default=None)


def exercise(
    name: str, *, title: str, points: int, minutes: int, rules: Rules = OWN_WORK
) -> Callable[[Judge], Exercise]:
    """Make an exercise of the function that judges it; name: as in a gradebook's column."""
    return lambda judge: Exercise(name, title, points, minutes, judge, rules)


def exercises_of(module: str) -> list[Exercise]:
    """The exercises that a module of checks has, in its order."""
    return [value for value in vars(sys.modules[module]).values() if isinstance(value, Exercise)]


def expect(condition: bool, hint: str, worth: float | None = None) -> None:
    """Raise Wrong(hint) unless the condition holds; with `worth`, only take so many points off.

    hint: names the idea that is missing, and never the answer.
    """
    if condition:
        return
    lost = _lost.get()
    if worth is None or lost is None:
        raise Wrong(hint)
    lost.append((worth, hint))


def judged(one: Exercise, student: Student) -> tuple[float, str]:
    """The points that a student has earned in an exercise, and the hint where some are missing."""
    lost: list[tuple[float, str]] = []
    token = _lost.set(lost)
    student.rules = one.rules
    try:
        one.judge(student)
    except Wrong as wrong:
        return 0.0, str(wrong)
    finally:
        _lost.reset(token)
    points = one.points - sum(worth for worth, _ in lost)
    return max(0.0, points), lost[0][1] if lost else ""


def near(found: Any, expected: Any, within: float = CLOSE) -> bool:
    """Whether found has the shape and numbers of expected, to this share of its largest number."""
    try:
        array = np.asarray(found)
    except (TypeError, ValueError):
        return False
    wanted = np.asarray(expected, np.float64)
    if array.dtype.kind not in "iuf" or array.shape != wanted.shape:
        return False
    array = array.astype(np.float64)
    largest = np.abs(wanted).max(initial=0.0) or 1.0
    # Also false where something is not a number.
    return bool((np.abs(array - wanted) <= within * largest).all())

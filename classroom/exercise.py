"""The API for writing checks: an exercise, its expectations, and a hint for each.

    @exercise("by_hand", title="One house by hand", points=2, minutes=5)
    def by_hand(student: Student) -> None:
        '''What is judged; teachers read this.'''
        expect(near(student.value("predicted"), 266), "…", worth=1)
        expect(near(student.call("price", x, w), x @ w), "…")

An exercise earns all its points or none. But an `expect` with `worth=1` costs that one point only,
and the check continues. This is for predictions, which are useful even if they are wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from classroom.rules import OWN_WORK, Rules
from classroom.scores import Wrong
from classroom.student import Student

# About half of the digits of float32. A right answer differs by rounding only, a wrong one in its
# first digits. Between the two lies the effect of any order of summation.
CLOSE = 3e-4


Judge = Callable[[Student], None]


@dataclass(frozen=True)
class Exercise:
    """One exercise. judge: raises Wrong; rules: which code the answer may call."""

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
    """Decorator: make an exercise from its judging function; name: its column in a gradebook."""
    return lambda judge: Exercise(name, title, points, minutes, judge, rules)


def exercises_of(module: str) -> list[Exercise]:
    """The exercises in a module of checks, in the order of the file."""
    return [value for value in vars(sys.modules[module]).values() if isinstance(value, Exercise)]


def expect(condition: bool, hint: str, worth: float | None = None) -> None:
    """Raise Wrong(hint) unless the condition holds; with `worth`, subtract that many points.

    hint: names the missing idea, and never the answer.
    """
    if condition:
        return
    lost = _lost.get()
    if worth is None or lost is None:
        raise Wrong(hint)
    lost.append((worth, hint))


def judge(item: Exercise, student: Student) -> tuple[float, str]:
    """The points of a student in an exercise, and a hint if some are missing."""
    lost: list[tuple[float, str]] = []
    token = _lost.set(lost)
    student.rules = item.rules
    student.begin()
    try:
        item.judge(student)
    except Wrong as wrong:
        return 0.0, " ".join(filter(None, (student.about_answers(), str(wrong))))
    finally:
        _lost.reset(token)
    points = item.points - sum(worth for worth, _ in lost)
    hints = (student.about_answers(), lost[0][1]) if lost else ()
    return max(0.0, points), " ".join(filter(None, hints))


def near(actual: Any, expected: Any, within: float = CLOSE) -> bool:
    """Whether both have the same shape and numbers.

    within: the tolerance, relative to the largest number of `expected`. Integers and floats only.
    """
    try:
        array = np.asarray(actual)
    except (TypeError, ValueError):
        return False
    target = np.asarray(expected, np.float64)
    if array.dtype.kind not in "iuf" or array.shape != target.shape:
        return False
    array = array.astype(np.float64)
    largest = np.abs(target).max(initial=0.0) or 1.0
    # NaN compares as False.
    return bool((np.abs(array - target) <= within * largest).all())

"""Read a student's predictions in any form that expresses the right answer."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from classroom.exercise import CLOSE, expect, near
from classroom.student import Student

COMMA = (
    "Python has read two numbers here where you meant one. It wants a point in a fraction, 0.5, "
    "and nothing between the thousands, 1000."
)
CHANGED = (
    "The numbers are right, but the {} that came in are not any more what they were. Whoever "
    "handed them over still needs them: compute new ones, and leave the old ones as they are."
)
LISTED = 'A list of names is asked for, in square brackets and quotation marks: ["…", "…"].'
TRUTHS = {"true": True, "yes": True, "1": True, "1.0": True} | {
    "false": False, "no": False, "0": False, "0.0": False,
}  # fmt: skip


def single(value: Any) -> Any:
    """The only number in an array, list or text; any other value unchanged."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    alone = isinstance(value, list | np.ndarray) and len(np.shape(np.asarray(value, object))) == 1
    return value[0] if alone and len(value) == 1 else value


def expect_number(
    student: Student, name: str, right: float, hint: str, within: float = CLOSE
) -> None:
    """Subtract a point if a prediction is not this number, within a relative tolerance."""
    prediction = student.value(name)
    comma = (
        isinstance(prediction, tuple)
        and len(prediction) == 2
        and all(type(part) is int for part in prediction)
    )
    expect(near(single(prediction), right, within), COMMA if comma else hint, worth=1)


def expect_names(student: Student, name: str, right: list[str], hint: str) -> None:
    """Subtract a point if a prediction does not list exactly these names, in any order."""
    prediction = names(student.value(name))
    expect(prediction == sorted(right), LISTED if prediction is None else hint, worth=1)


def is_number(value: Any) -> bool:
    """Whether it is a single number, and not True or False."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def word(value: Any) -> str:
    """A word in small letters, without surrounding space."""
    return str(value).strip().lower()


def truth(value: Any) -> bool | None:
    """True or False, also from "yes" or "no"; None for anything else."""
    return TRUTHS.get(word(value))


def names(value: Any) -> list[str] | None:
    """The names in a list, or in a text with commas, in small letters and sorted.

    None for anything else.
    """
    if isinstance(value, str):
        value = [part for part in re.split(r"[\s,;]+|\band\b", value) if part]
    listed = isinstance(value, list | tuple | np.ndarray)
    return sorted(word(part) for part in value) if listed else None

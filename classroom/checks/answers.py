"""What a student has written down, in whichever form it says the right thing."""

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
    """The number in an array, list or text that holds one and nothing else; else the value."""
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
    """Take a point off for a prediction that is another number than this."""
    said = student.value(name)
    comma = isinstance(said, tuple) and len(said) == 2 and all(type(part) is int for part in said)
    expect(near(single(said), right, within), COMMA if comma else hint, worth=1)


def expect_names(student: Student, name: str, right: list[str], hint: str) -> None:
    """Take a point off for a prediction that has other names than these, in whichever order."""
    said = names(student.value(name))
    expect(said == sorted(right), LISTED if said is None else hint, worth=1)


def is_number(value: Any) -> bool:
    """Whether it is one number, and no True or False."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def word(value: Any) -> str:
    """A word, whatever its capitals."""
    return str(value).strip().lower()


def truth(value: Any) -> bool | None:
    """True or False, also where it was said as yes or no; None where it is neither."""
    return TRUTHS.get(word(value))


def names(value: Any) -> list[str] | None:
    """The names in a list, or in a text with commas, in small letters and alphabetical order.

    None where it is neither of the two.
    """
    if isinstance(value, str):
        value = [part for part in re.split(r"[\s,;]+|\band\b", value) if part]
    listed = isinstance(value, list | tuple | np.ndarray)
    return sorted(word(part) for part in value) if listed else None

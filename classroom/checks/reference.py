"""What the checks of lessons 3 to 5 compare with: NumPy's numbers, and how far off is too far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from adapters.contract import Array
from adapters.numpy_adapter import NumpyModel
from classroom.exercise import expect

# Half of the digits that a type has. Two right answers differ by their roundings only, a few dozen
# of ε/2 each; a wrong formula is off in the first or second digit. Between them lies √ε, with room
# on both sides for any order in which somebody may add up: 3e-4 in float32, 1e-8 in float64.
HALF_THE_DIGITS: Final = 0.5

# Of a number worked out on paper, three digits are asked for, and the last one may be rounded.
ON_PAPER: Final = 5e-3


class Reference(NumpyModel):
    """The course's NumPy engine in float64, whatever the student's process runs."""

    dtype = "float64"


class ReferenceInFloat32(NumpyModel):
    """The same in float32."""

    dtype = "float32"


def room(dtype: str) -> float:
    """How far a right answer may be off, as a share of its largest number."""
    return float(np.finfo(dtype).eps ** HALF_THE_DIGITS)


def numbers(value: Any) -> Array | None:
    """The value as an array of real numbers, any shape; None where it is nothing of the kind."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "fiub" else None


def shape(value: Any) -> tuple[int, ...] | None:
    """The shape of an array, list or number; None where it is nothing of the kind."""
    array = numbers(value)
    return None if array is None else array.shape


def agrees(found: Any, expected: Any, within: float) -> bool:
    """Whether found has the shape and the numbers of expected, to this share of its largest."""
    found, expected = numbers(found), np.asarray(expected, np.float64)
    if found is None or found.shape != expected.shape or not np.isfinite(found).all():
        return False
    largest = np.abs(expected).max(initial=0.0) or 1.0
    return bool(np.abs(found - expected).max(initial=0.0) <= within * largest)


def all_agree(found: Any, expected: Any, within: float) -> bool:
    """The same for several arrays, each by its own largest number."""
    return (
        isinstance(found, list | tuple)
        and len(found) == len(expected)
        and all(agrees(f, e, within) for f, e in zip(found, expected, strict=True))
    )


def no_mistake(found: Any, within: float, mistakes: Mapping[str, Any]) -> None:
    """Hint at the mistake that leads to just these numbers, where one of those known does.

    mistakes: hint → the numbers that the mistake gives, an array or a list of several.
    """
    for hint, wrong in mistakes.items():
        same = all_agree if isinstance(wrong, list) else agrees
        expect(not same(found, wrong, within), hint)

"""What the checks of lessons 3 to 6 compare with: NumPy's numbers, and how far off is too far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from adapters.contract import Array
from adapters.numpy_adapter import NumpyModel
from classroom.exercise import CLOSE, expect, near

# Half of the digits of float64, as CLOSE is half of float32's.
EXACT: Final = float(np.finfo("float64").eps ** 0.5)

# Of a number worked out on paper, three digits are asked for, and the last one may be rounded.
ON_PAPER: Final = 5e-3


class Reference(NumpyModel):
    """The course's NumPy backend in float64, whatever the student's process runs."""

    dtype = "float64"


class ReferenceInFloat32(NumpyModel):
    """The same in float32."""

    dtype = "float32"


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


def all_near(found: Any, expected: Any, within: float = CLOSE) -> bool:
    """Whether these are several arrays, each near its own."""
    return (
        isinstance(found, list | tuple)
        and len(found) == len(expected)
        and all(near(f, e, within) for f, e in zip(found, expected, strict=True))
    )


def no_mistake(found: Any, right: Any, mistakes: Mapping[str, Any], exact: float = CLOSE) -> None:
    """Hint at the mistake that leads to just these numbers, where one of those known does.

    right: the numbers asked for, to `exact`: whoever has them has made no mistake, though on these
    data a mistake may come near them. mistakes: hint → the numbers that the mistake gives. All of
    them are arrays, or lists of several.
    """
    if (all_near if isinstance(right, list) else near)(found, right, exact):
        return
    for hint, wrong in mistakes.items():
        same = all_near if isinstance(wrong, list) else near
        expect(not same(found, wrong), hint)

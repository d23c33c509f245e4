"""References and tolerances for the checks of lessons 3 to 6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from adapters.contract import Array
from adapters.numpy_adapter import NumpyModel
from classroom.exercise import CLOSE, expect, near

# Half of the digits of float64, as CLOSE has half of the digits of float32.
EXACT: Final = float(np.finfo("float64").eps ** 0.5)

# For numbers computed on paper: three digits, of which the last may be rounded.
ON_PAPER: Final = 5e-3


class Reference(NumpyModel):
    """The NumPy backend in float64, whatever the student's process uses."""

    dtype = "float64"


class ReferenceInFloat32(NumpyModel):
    """The NumPy backend in float32."""

    dtype = "float32"


def numbers(value: Any) -> Array | None:
    """The value as a float64 array of any shape; None if it is not numeric."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "fiub" else None


def shape(value: Any) -> tuple[int, ...] | None:
    """The shape of an array, list or number; None if it is not numeric."""
    array = numbers(value)
    return None if array is None else array.shape


def all_near(actual: Any, expected: Any, within: float = CLOSE) -> bool:
    """Whether `found` is a list of arrays, each near its expected one."""
    return (
        isinstance(actual, list | tuple)
        and len(actual) == len(expected)
        and all(near(f, e, within) for f, e in zip(actual, expected, strict=True))
    )


def no_mistake(actual: Any, right: Any, mistakes: Mapping[str, Any], exact: float = CLOSE) -> None:
    """Raise Wrong with the hint of a known mistake that gives exactly these numbers.

    right: the right numbers. Within the tolerance `exact` of them there is no mistake, even if a
    mistake gives similar numbers on these data. mistakes: numbers of each mistake, by hint. All are
    arrays, or lists of arrays.
    """
    if (all_near if isinstance(right, list) else near)(actual, right, exact):
        return
    for hint, wrong in mistakes.items():
        same = all_near if isinstance(wrong, list) else near
        expect(not same(actual, wrong), hint)

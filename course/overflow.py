"""Norms of numbers that may overflow, as in a run that diverges.

A norm squares its entries; the square of 1e200 is too large for a float, and so may be a sum. So
numbers outside of an ordinary range are first scaled by a power of two, which loses no digit. The
comparison reports a run that diverges, so NumPy need not warn of it as well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from adapters.contract import Array

# Decorates arithmetic whose results show their infinities.
quietly = np.errstate(over="ignore", invalid="ignore", divide="ignore")

LARGEST = float(np.finfo(np.float64).max)
# Between 2^-400 and 2^400 neither a square nor a sum of squares overflows or underflows.
ORDINARY = 400
# The largest value on a matplotlib axis, which needs some decades beyond; a float has 308.
HIGHEST = 1e290


def exponent(array: Array) -> int:
    """The exponent of the power of two by which to divide finite float64 numbers.

    It is 0 in the ordinary range.
    """
    low, high = (float(extreme(initial=0.0)) for extreme in (array.min, array.max))
    _, power = math.frexp(max(-low, high))
    return power if abs(power) > ORDINARY else 0


@quietly
def scaled(array: Any, by: int) -> Any:
    """array · 2^by, in float64; infinite where it overflows."""
    return np.ldexp(array, by) if by else np.asarray(array)


@quietly
def norm(array: Array) -> float:
    """‖array‖ in float64, without overflow or underflow on the way, up to the largest float.

    Infinite if, and only if, an entry is infinite or NaN.
    """
    flat = np.ravel(array).astype(np.float64, copy=False)
    if not np.isfinite(flat).all():
        return math.inf
    unit = exponent(flat)
    return norm_of_scaled(scaled(flat, -unit), unit)


@quietly
def norm_of_scaled(flat: Array, unit: int) -> float:
    """The norm, up to the largest float, of an array that was divided by 2^unit."""
    return min(float(scaled(np.linalg.norm(flat), unit)), LARGEST)


def drawable(values: Array) -> Array:
    """The values in float64, clipped to the range of an axis, and NaN where one is not finite."""
    values = np.asarray(values, np.float64)
    return np.clip(np.where(np.isfinite(values), values, np.nan), -HIGHEST, HIGHEST)

"""Measuring numbers that may overflow, of which a run that diverges is full.

A norm squares its entries, and the square of 1e200 is no float; a sum of large ones may be none. So
numbers outside of the ordinary range are first brought into it by a power of two, which loses no
digit. Whoever judges a run says that it diverges; NumPy need not warn of it as well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from adapters.contract import Array

# Decorates arithmetic whose infinities are told by what it returns.
quietly = np.errstate(over="ignore", invalid="ignore", divide="ignore")

LARGEST = float(np.finfo(np.float64).max)
# Between 2^-400 and 2^400 neither a square nor the sum of any number of them leaves the floats.
ORDINARY = 400
# What an axis of matplotlib has room for: it needs some decades beyond, and a float has 308.
HIGHEST = 1e290


def exponent(array: Array) -> int:
    """Of the power of two by which to divide float64 numbers: 0 in the ordinary range.

    The numbers have to be finite.
    """
    low, high = (float(of(initial=0.0)) for of in (array.min, array.max))
    _, found = math.frexp(max(-low, high))
    return found if abs(found) > ORDINARY else 0


@quietly
def scaled(array: Any, by: int) -> Any:
    """array · 2^by, in float64; infinite where that is no float."""
    return np.ldexp(array, by) if by else np.asarray(array)


@quietly
def norm(array: Array) -> float:
    """‖array‖ in float64, without overflow or underflow on the way, up to the largest float.

    Infinite where an entry is infinite or not a number, and only there.
    """
    flat = np.ravel(array).astype(np.float64, copy=False)
    if not np.isfinite(flat).all():
        return math.inf
    unit = exponent(flat)
    return norm_of_scaled(scaled(flat, -unit), unit)


@quietly
def norm_of_scaled(flat: Array, unit: int) -> float:
    """The norm, up to the largest float, of what was divided by 2^unit, with its own exponent 0."""
    return min(float(scaled(np.linalg.norm(flat), unit)), LARGEST)


def drawable(values: Array) -> Array:
    """The values in float64 as far as an axis reaches, and NaN where one is not finite."""
    values = np.asarray(values, np.float64)
    return np.clip(np.where(np.isfinite(values), values, np.nan), -HIGHEST, HIGHEST)

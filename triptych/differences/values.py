"""What a snippet may return, when two such values are the same, and how they are written."""

from __future__ import annotations

import math
from typing import Any

FEWEST, MOST = 5, 17  # digits: the first number tried, and all that a float has

# A number, a bool, a string, a nested list of these, or {"raises": "TypeError"}.
Value = Any


def is_value(value: Value) -> bool:
    """Whether it can stand in an entry and in JSON; nan and inf can."""
    if isinstance(value, dict):
        return value.keys() == {"raises"} and isinstance(value["raises"], str)
    if isinstance(value, list):
        return all(is_value(item) and not isinstance(item, dict) for item in value)
    return isinstance(value, bool | int | float | str)


def same(one: Value, other: Value, tolerance: float) -> bool:
    """Equal; numbers to `tolerance` relative to max(1, |one|), and nan is the same as nan."""
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(a, b, tolerance) for a, b in pairs)
    if _is_number(one) and _is_number(other):
        if not (math.isfinite(one) and math.isfinite(other)):
            return one == other or (math.isnan(one) and math.isnan(other))
        return abs(one - other) <= tolerance * max(1.0, abs(one))
    return type(one) is type(other) and bool(one == other)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def format_value(value: Value, digits: int = 10) -> str:
    """A value as text, its numbers with so many significant digits."""
    if isinstance(value, dict):
        return f"raises {value['raises']}"
    if isinstance(value, list):
        return f"[{', '.join(format_value(item, digits) for item in value)}]"
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def shortest(values: list[Value]) -> list[str]:
    """Different values as texts, in the fewest digits that distinguish them."""
    for digits in range(FEWEST, MOST):
        texts = [format_value(value, digits) for value in values]
        if len(set(texts)) == len(texts):
            return texts
    return [format_value(value, MOST) for value in values]


def grouped(values: dict[str, Value], tolerance: float) -> list[tuple[Value, list[str]]]:
    """Each value once, with the backends that give it."""
    groups: list[tuple[Value, list[str]]] = []
    for backend, value in values.items():
        for seen, backends in groups:
            if same(seen, value, tolerance):
                backends.append(backend)
                break
        else:
            groups.append((value, [backend]))
    return groups


def format_groups(values: dict[str, Value], tolerance: float) -> str:
    """One line: each value, and the backends that give it."""
    groups = grouped(values, tolerance)
    return "; ".join(f"{', '.join(backends)} {format_value(value)}" for value, backends in groups)

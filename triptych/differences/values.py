"""The values that snippets return: which are valid, when two are equal, and how to print them."""

from __future__ import annotations

import math
from typing import Any

FEWEST, MOST = 5, 17  # digits to try first, and digits that identify a float

# A number, a bool, a string, a nested list of these, or {"raises": "TypeError"}.
Value = Any


def is_value(value: Value) -> bool:
    """Whether a value can be in an entry and in JSON; nan and inf can."""
    if isinstance(value, dict):
        return value.keys() == {"raises"} and isinstance(value["raises"], str)
    if isinstance(value, list):
        return all(is_value(item) and not isinstance(item, dict) for item in value)
    return isinstance(value, bool | int | float | str)


def same(one: Value, other: Value, tolerance: float) -> bool:
    """Whether two values are equal, numbers to `tolerance` · max(1, |one|); nan equals nan."""
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
    """A value as text, with `digits` significant digits."""
    if isinstance(value, dict):
        return f"raises {value['raises']}"
    if isinstance(value, list):
        return f"[{', '.join(format_value(item, digits) for item in value)}]"
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def shortest(values: list[Value]) -> list[str]:
    """Different values as texts, with the fewest digits that distinguish them."""
    for digits in range(FEWEST, MOST):
        texts = [format_value(value, digits) for value in values]
        if len(set(texts)) == len(texts):
            return texts
    return [format_value(value, MOST) for value in values]


def grouped(values: dict[str, Value], tolerance: float) -> list[tuple[Value, list[str]]]:
    """Each value once, with the backends that give it."""
    groups: list[tuple[Value, list[str]]] = []
    for backend, value in values.items():
        for known, backends in groups:
            if same(known, value, tolerance):
                backends.append(backend)
                break
        else:
            groups.append((value, [backend]))
    return groups


def format_groups(values: dict[str, Value], tolerance: float) -> str:
    """Each value with the backends that give it, as one line."""
    groups = grouped(values, tolerance)
    return "; ".join(f"{', '.join(backends)} {format_value(value)}" for value, backends in groups)

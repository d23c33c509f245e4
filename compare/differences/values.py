"""What a snippet may return, and when two such values are the same."""

from __future__ import annotations

import math
from typing import Any

FEWEST, MOST = 5, 17  # digits: where values can be told apart at a glance, and of a float

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


def show(value: Value, digits: int = 10) -> str:
    """A value in plain words, with as many significant digits."""
    if isinstance(value, dict):
        return f"raises {value['raises']}"
    if isinstance(value, list):
        return f"[{', '.join(show(item, digits) for item in value)}]"
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def shown(values: list[Value]) -> list[str]:
    """Different values in as few digits as tell each from the others."""
    for digits in range(FEWEST, MOST):
        words = [show(value, digits) for value in values]
        if len(set(words)) == len(words):
            return words
    return [show(value, MOST) for value in values]


def grouped(values: dict[str, Value], tolerance: float) -> list[tuple[Value, list[str]]]:
    """Each value once, with the engines that have it."""
    groups: list[tuple[Value, list[str]]] = []
    for engine, value in values.items():
        for seen, engines in groups:
            if same(seen, value, tolerance):
                engines.append(engine)
                break
        else:
            groups.append((value, [engine]))
    return groups


def told(values: dict[str, Value], tolerance: float) -> str:
    """One line: each value, and who has it."""
    groups = grouped(values, tolerance)
    return "; ".join(f"{', '.join(engines)} {show(value)}" for value, engines in groups)

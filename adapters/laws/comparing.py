"""Compare two arrays exactly or within a budget, with a message about where they differ.

A budget may be an array, with a budget for every entry. NaN equals only NaN, and an infinity only
itself, so that diverging runs can be compared too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from adapters.contract import Array

Arrays = Sequence[Any] | Mapping[str, Any]


def equal(law: str, what: str, got: Any, want: Any) -> None:
    """Assert the same shape, dtype and values; 0 and −0 are equal."""
    got, want = np.asarray(got), np.asarray(want)
    _same_form(law, what, got, want)
    if not np.array_equal(got, want, equal_nan=got.dtype.kind == "f"):
        wrong = ~((got == want) | ((got != got) & (want != want)))
        _complain(law, what, got, want, wrong, "and must be the same")


def close(law: str, what: str, got: Any, want: Any, budget: Any) -> None:
    """Assert the same shape and dtype, and each entry within its budget; NaN allows nothing."""
    got, want = np.asarray(got), np.asarray(want)
    _same_form(law, what, got, want)
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(got.astype(float) - want.astype(float))
        same = (got == want) | (np.isnan(got) & np.isnan(want))
        wrong = ~(same | (gap <= budget))
    if wrong.any():
        budget = np.broadcast_to(budget, got.shape)
        worst = _worst(np.where(wrong, gap, -1))
        words = f"a gap of {gap[worst]:.3g} where the budget is {budget[worst]:.3g}"
        _complain(law, what, got, want, wrong, words, worst)


def all_equal(law: str, what: str, got: Arrays, want: Arrays) -> None:
    """`equal` for each pair of two lists, or of two dictionaries, of the same length."""
    for name, mine, theirs in _pairs(law, what, got, want):
        equal(law, name, mine, theirs)


def all_close(law: str, what: str, got: Arrays, want: Arrays, budgets: Sequence[Any]) -> None:
    """`close` for each pair of two lists of the same length, each with its budget."""
    for (name, mine, theirs), budget in zip(_pairs(law, what, got, want), budgets, strict=True):
        close(law, name, mine, theirs, budget)


def must(law: str, condition: Any, message: str) -> None:
    """Raise AssertionError with the law and the message unless the condition holds."""
    if not condition:
        raise AssertionError(f"{law}: {message}")


def _pairs(law: str, what: str, got: Any, want: Any) -> list[tuple[str, Any, Any]]:
    if isinstance(want, Mapping):
        must(law, set(got) == set(want), f"{what} has the names {sorted(got)}, not {sorted(want)}")
        return [(f"{what} {name}", got[name], want[name]) for name in want]
    must(law, len(got) == len(want), f"{what} has {len(got)} arrays, not {len(want)}")
    return [
        (f"{what} {i}", mine, theirs)
        for i, (mine, theirs) in enumerate(zip(got, want, strict=True))
    ]


def _same_form(law: str, what: str, got: Array, want: Array) -> None:
    must(law, got.shape == want.shape, f"{what} has shape {got.shape}, not {want.shape}")
    must(law, got.dtype == want.dtype, f"{what} has dtype {got.dtype}, not {want.dtype}")


def _worst(gap: Array) -> tuple[int, ...]:
    largest = np.argmax(np.where(np.isnan(gap), np.inf, gap))
    return tuple(int(i) for i in np.unravel_index(largest, gap.shape))


def _complain(
    law: str, what: str, got: Array, want: Array, wrong: Array, words: str,
    worst: tuple[int, ...] | None = None,
) -> None:  # fmt: skip
    place = worst if worst is not None else _worst(wrong)
    where = f"[{', '.join(map(str, place))}]" if place else ""
    raise AssertionError(
        f"{law}: {what}{where} is {got[place]!r}, expected {want[place]!r}: {words} "
        f"({int(np.sum(wrong))} of {wrong.size} entries differ)"
    )

"""Two records side by side: the gap at every stage, beside the budget that it must keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.contract import Array
from compare.budgets import DIVERGED, TRAJECTORY, Budget

Arrays = dict[str, Array]
Card = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """One stage of one run: the largest gap, its budget, and where it is."""

    run: str
    stage: str
    gap: float
    budget: float
    where: str

    @property
    def holds(self) -> bool:
        """Whether the gap keeps the budget; a gap that is not a number does not."""
        return self.gap <= self.budget

    def __str__(self) -> str:
        sign = "≤" if self.holds else ">"
        return f"{self.run} {self.stage}: {self.gap:.2e} {sign} {self.budget:.2e} at {self.where}"


def findings(reference: tuple[Arrays, Card], other: tuple[Arrays, Card]) -> list[Finding]:
    """Every stage of every run of two records of the same lesson, dtype, seed and settings.

    Runs whose trajectories may part (relu in float32) are left out here: they are judged by single
    steps from shared weights, which a record does not hold.
    """
    (ours, our_card), (theirs, their_card) = reference, other
    found = [
        Finding("all", stage, float(our_card["hashes"][key] != their_card["hashes"][key]), 0, key)
        for stage, key in (
            ("data", "data"),
            ("initial weights", "initial_weights"),
            ("batch order", "batch_order"),
        )
    ]
    found.append(Finding("all", "arrays", float(set(ours) != set(theirs)), 0, "record.npz"))
    budget = TRAJECTORY[our_card["lesson"], our_card["dtype"]]
    for name in sorted({key.rpartition("/")[0] for key in ours if key in theirs}):
        if not parts_by_rounding(our_card, name):
            found += _of_run(name, ours, theirs, budget)
    return found


def parts_by_rounding(card: Card, run: str) -> bool:
    """Whether this run's trajectory is chaotic in its dtype: relu in float32."""
    layers = card["runs"].get(run, {}).get("layers", [])
    return card["dtype"] == "float32" and any(layer[2] == "relu" for layer in layers)


def _of_run(name: str, ours: Arrays, theirs: Arrays, budget: Budget) -> Iterator[Finding]:
    losses, length = ours.get(f"{name}/losses"), None
    if losses is not None and len(losses):
        healthy = np.abs(losses) <= DIVERGED * max(abs(float(losses[0])), 1e-300)
        length = len(losses) if healthy.all() else int(np.argmin(healthy))
    diverged = losses is not None and length != len(losses)
    for key in sorted(k for k in ours if k.rpartition("/")[0] == name and k in theirs):
        kind, a, b = key.rpartition("/")[2], ours[key], theirs[key]
        if a.shape != b.shape or a.dtype != b.dtype:
            yield Finding(name, kind, np.inf, 0, f"{a.shape} {a.dtype} and {b.shape} {b.dtype}")
        elif kind == "losses":
            yield _worst(name, "loss", a[:length], b[:length], budget.for_losses(a[:length]))
        elif kind == "predictions" and a.dtype.kind == "i":
            differ = np.flatnonzero(a != b)
            where = f"rows {differ[:5].tolist()}" if differ.size else "no row"
            yield Finding(name, kind, float(differ.size), budget.for_labels(a.size), where)
        elif a.dtype.kind == "i":
            yield _worst(name, kind, a, b, np.zeros(a.shape))
        elif not diverged:
            yield _worst(name, kind, a, b, np.full(a.shape, budget.for_weights(a)))


def _worst(name: str, stage: str, a: Array, b: Array, allowed: Array) -> Finding:
    """The place where the gap is largest against what is allowed there."""
    if a.size == 0:
        return Finding(name, stage, 0.0, 0.0, "nothing to compare")
    gap = np.abs(a.astype(np.float64) - b.astype(np.float64))
    gap[a == b] = 0.0  # equal infinities are equal
    gap = np.nan_to_num(gap, nan=np.inf)
    at = np.unravel_index(int(np.argmax(gap - allowed)), gap.shape)
    where = f"{stage}[{', '.join(map(str, at))}]"
    return Finding(name, stage, float(gap[at]), float(allowed[at]), where)

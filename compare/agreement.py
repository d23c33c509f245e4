"""How far the records of two backends are apart: the largest gaps, and every stage's budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from adapters.contract import Array
from compare.budgets import steps_before_divergence
from compare.comparison import Finding
from compare.findings import diverges, findings, is_chaotic
from compare.gaps import gaps

Cell = tuple[int, str, str, int]  # lesson, backend, dtype, seed
Row = tuple[int, str, str]  # the same for all seeds
Record = tuple[dict[str, Array], dict[str, Any]]


@dataclass(frozen=True)
class Agreement:
    """The result of a cell, or of a row of cells: the largest gaps to the reference."""

    status: Literal["complete", "failed", "not run"]
    loss: float = 0.0  # |ΔL| / max(L, L₀), of all steps of all runs
    weight: float = 0.0  # |ΔW|, of all final weights
    labels: int = 0  # labels that differ in one run
    findings: list[Finding] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether it ran within every budget."""
        return self.status == "complete" and all(f.holds for f in self.findings)


def agreement(reference: Record, other: Record) -> Agreement:
    """The gaps between two records. Chaotic runs (relu in float32) are left out."""
    (ours, card), (theirs, _) = reference, other
    loss = weight = 0.0
    labels = 0
    for key in ours.keys() & theirs.keys():
        run, _, kind = key.rpartition("/")
        a, b = ours[key], theirs[key]
        if key.startswith("looks/") or is_chaotic(card, run) or a.shape != b.shape:
            continue  # another shape has no gap; the findings report it
        losses = ours.get(f"{run}/losses", np.zeros(0))
        steps = steps_before_divergence(losses) if diverges(card, run) else len(losses)
        if kind == "losses":
            loss = max(loss, loss_gap(a[:steps], b[:steps]))
        elif kind.startswith("param_") and steps == len(losses):
            weight = max(weight, float(gaps(a, b).max(initial=0.0)))
        elif kind == "predictions" and a.dtype.kind == "i":
            labels = max(labels, int((a != b).sum()))
    return Agreement("complete", loss, weight, labels, findings(reference, other))


def loss_gap(ours: Array, theirs: Array) -> float:
    """The largest |ΔL| / max(L, L₀) of two runs' losses (steps,), L being the first run's."""
    if not len(ours):
        return 0.0
    size = np.abs(ours.astype(np.float64))
    gap = gaps(ours, theirs)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = gap / np.maximum(size, size[0])
    return float(np.where(gap == 0, 0.0, share).max())


def by_row(judged: dict[Cell, Agreement]) -> dict[Row, Agreement]:
    """The worst of all seeds; a row with a failed seed has failed."""
    rows: dict[Row, list[Agreement]] = {}
    for (lesson, backend, dtype, _), result in judged.items():
        rows.setdefault((lesson, backend, dtype), []).append(result)
    return {row: _worst(results) for row, results in rows.items()}


def _worst(results: list[Agreement]) -> Agreement:
    statuses = {one.status for one in results}
    for status in ("failed", "not run"):
        if status in statuses:
            return Agreement(status)
    return Agreement(
        "complete",
        max(one.loss for one in results),
        max(one.weight for one in results),
        max(one.labels for one in results),
        [finding for one in results for finding in one.findings],
    )

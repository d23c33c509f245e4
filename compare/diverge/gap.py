"""The gaps of two traces, each with its budget, up to the first that is over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from adapters.laws.error_bounds import summed
from compare.budgets import Budget
from compare.comparison import Judged
from compare.diverge.cancellation import Terms
from compare.diverge.sketch import Sketch
from course.overflow import LARGEST

# How far a quantity may differ from another backend's, from the budgets of the lesson's runs.
#
# Data, initial weights and batches come from the course and must be equal. A loss has the budget of
# `compare/budgets.py`. Any other array a is judged by its norm, ‖a − b‖ ≤ r·max(‖a‖, scale), where
# r is the run's budget for weights, or the rounding of a sum over the rows of the batch and the
# places of a row, if that is larger. For gradients and slots the scale is the largest norm of their
# kind so far: a gradient
# shrinks during training while the terms of its sum do not, and with equal numbers of rows in each
# class the first gradient of a bias is 0, a sum of terms that are not. For weights and layer
# outputs the scale is 1, as for a lesson's weights, times the growth of the largest of the kind: in
# a run that diverges on purpose all rounding grows with it, even that of a small bias. Norms are
# finite up to the largest float, and so is every budget: an overflow allows nothing. To each
# comes what rounding leaves of a sum that cancels (`cancellation.py`).

SAME_BITS = ("data", "initial weights", "batch")
FLOOR = {"layer output": 1.0, "update": 1.0}


class Allowance:
    """The budgets of one run."""

    def __init__(self, budget: Budget, dtype: str) -> None:
        self.budget = budget
        self.eps = float(np.finfo(dtype).eps)
        self.rows = 1  # of the batch
        self.steps: dict[str, int] = {}  # the first of each kind
        self.first: dict[str, float] = {}  # the largest norm of each kind in that step
        self.largest: dict[str, float] = {}  # and up to now
        self.terms = Terms(self.eps)

    def of(self, ours: Sketch) -> float:
        """The budget of this quantity. Call it in the order of the run: it tracks the scales."""
        cancelled = self.terms.follow(ours)
        if (ours.stage, ours.tensor) == ("batch", "x"):
            self.rows = ours.shape[0]
        what = ours.tensor.partition(" ")[0]  # without "in call 2"
        kind = kind_of(ours.stage, what)
        self.largest[kind] = max(ours.norm if ours.finite else 0.0, self.largest.get(kind, 0.0))
        if self.steps.setdefault(kind, ours.step) == ours.step:
            self.first[kind] = self.largest[kind]
        if ours.stage in SAME_BITS or self.budget.is_exact or what == "t":
            return 0.0
        if ours.stage == "loss" or what == "losses":
            first = self.first["loss"] if self.budget.of_first else 0.0
            scale = max(ours.norm if ours.finite else 0.0, first)
            return self.budget.absolute + self.budget.relative * scale + cancelled
        if kind in FLOOR:
            growth = self.largest[kind] / (self.first[kind] or 1.0)
            scale = max(ours.norm, FLOOR[kind] * max(1.0, growth))
        else:
            scale = self.largest[kind]
        terms = self.rows * self.budget.places
        allowed = max(self.budget.weights, summed(terms, self.eps)) * min(scale, LARGEST)
        return min(allowed + cancelled, LARGEST)


def kind_of(stage: str, what: str) -> str:
    """The kind of quantity that shares its scale: weights after an epoch are results of updates."""
    if stage == "optimizer slot" or what == "losses":
        return what
    return "update" if stage == "epoch" else stage


# Compare two traces quantity by quantity, up to the first that is over its budget.
#
# A diverging run is compared as long as its numbers are finite. From the first quantity that is not
# finite in both traces, the remaining steps are not compared; a quantity that is finite in only one
# trace is an infinite gap. The calls of `epoch` at the end of a trace start afresh.


@dataclass(frozen=True)
class Gap(Judged):
    """One quantity in two traces."""

    run: str
    step: int
    stage: str
    tensor: str
    gap: float  # about ‖a − b‖
    budget: float
    ours: float  # the norms
    theirs: float
    why: str = ""  # why there is no gap to measure: the other trace has no such quantity
    compared: bool = True  # False once both runs have overflowed

    def __str__(self) -> str:
        where = f"step {self.step}, " if self.step >= 0 else ""
        what = self.stage if self.stage == self.tensor else f"{self.stage}, {self.tensor}"
        return f"{self.run}: {where}{what}"


def gaps(
    run: str, ours: Iterable[Sketch], theirs: Iterable[Sketch], budget: Budget, dtype: str
) -> Iterator[Gap]:
    """Yield a gap per quantity, as long as both traces have the same ones; the last may be over."""
    allowance = Allowance(budget, dtype)
    others, stage = iter(theirs), ""
    overflowed = False  # whether both have
    for a in ours:
        b = next(others, None)
        if b is None or a.place != b.place:
            why = "the other run has ended" if b is None else f"the other: {b.stage} {b.tensor}"
            yield Gap(run, a.step, a.stage, a.tensor, float("inf"), 0.0, a.norm, 0.0, why)
            return
        if a.stage == "epoch" != stage:
            overflowed = False
        stage = a.stage
        overflowed |= stage not in SAME_BITS and not (a.finite or b.finite)
        gap, allowed = (0.0, 0.0) if overflowed else (a.distance(b), allowance.of(a))
        yield Gap(
            run, a.step, stage, a.tensor, gap, allowed, a.norm, b.norm, compared=not overflowed
        )
    b = next(others, None)
    if b is not None:
        why = "the other run continues"
        yield Gap(run, b.step, b.stage, b.tensor, float("inf"), 0.0, 0.0, b.norm, why)


def count_within_budget(gaps: Iterable[Gap]) -> int:
    """How many gaps are within budget before the first that is over. Looks no further.

    Gaps that are not compared count: both runs have overflowed together.
    """
    return sum(1 for _ in takewhile(lambda gap: gap.holds, gaps))


def first_over(gaps: Iterable[Gap]) -> Gap | None:
    """The first gap over its budget; None if there is none. Looks no further."""
    return next((gap for gap in gaps if not gap.holds), None)

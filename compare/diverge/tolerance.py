"""How far a quantity may differ from another backend's, from the budgets of the lesson's runs.

Data, initial weights and batches come from the course and must be equal. A loss has the budget of
`compare/budgets.py`. Any other array a is judged by its norm, ‖a − b‖ ≤ r·max(‖a‖, scale), where r
is the lesson's budget for weights, or the rounding of a sum over the rows of the batch if that is
larger. For gradients and slots the scale is the largest norm of their kind so far: a gradient
shrinks during training while the terms of its sum do not, and with equal numbers of rows in each
class the first gradient of a bias is 0, a sum of terms that are not. For weights and layer outputs
the scale is 1, as for a lesson's weights, times the growth of the largest of the kind: in a run
that diverges on purpose all rounding grows with it, even that of a small bias. Norms are finite up
to the largest float, and so is every budget: an overflow allows nothing.
"""

from __future__ import annotations

import numpy as np

from adapters.laws.error_bounds import summed
from compare.budgets import EXACT, budget_of
from compare.diverge.sketch import Sketch
from course.overflow import LARGEST

SAME_BITS = ("data", "initial weights", "batch")
FLOOR = {"layer output": 1.0, "update": 1.0}


class Allowance:
    """The budgets of one run of a lesson."""

    def __init__(self, lesson: int, dtype: str) -> None:
        self.budget = budget_of(lesson, dtype)
        self.eps = float(np.finfo(dtype).eps)
        self.rows = 1  # of the batch
        self.steps: dict[str, int] = {}  # the first of each kind
        self.first: dict[str, float] = {}  # the largest norm of each kind in that step
        self.largest: dict[str, float] = {}  # and up to now

    def of(self, ours: Sketch) -> float:
        """The budget of this quantity. Call it in the order of the run: it tracks the scales."""
        if (ours.stage, ours.tensor) == ("batch", "x"):
            self.rows = ours.shape[0]
        what = ours.tensor.partition(" ")[0]  # without "in call 2"
        kind = kind_of(ours.stage, what)
        self.largest[kind] = max(ours.norm if ours.finite else 0.0, self.largest.get(kind, 0.0))
        if self.steps.setdefault(kind, ours.step) == ours.step:
            self.first[kind] = self.largest[kind]
        if ours.stage in SAME_BITS or self.budget == EXACT or what == "t":
            return 0.0
        if ours.stage == "loss" or what == "losses":
            first = self.first["loss"] if self.budget.of_first else 0.0
            scale = max(ours.norm if ours.finite else 0.0, first)
            return self.budget.absolute + self.budget.relative * scale
        if kind in FLOOR:
            growth = self.largest[kind] / (self.first[kind] or 1.0)
            scale = max(ours.norm, FLOOR[kind] * max(1.0, growth))
        else:
            scale = self.largest[kind]
        return max(self.budget.weights, summed(self.rows, self.eps)) * min(scale, LARGEST)


def kind_of(stage: str, what: str) -> str:
    """The kind of quantity that shares its scale: weights after an epoch are results of updates."""
    if stage == "optimizer slot" or what == "losses":
        return what
    return "update" if stage == "epoch" else stage

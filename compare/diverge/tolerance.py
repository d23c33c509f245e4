"""How far a quantity may be from another backend's, by the budgets of the lesson's trajectories.

Data, initial weights and batches are the course's own: equal bits. A loss keeps the budget of
`compare/budgets.py`. Any other array a is judged by its norm, ‖a − b‖ ≤ r·max(‖a‖, scale), where r
is the lesson's budget for weights, or what a sum over the rows of the batch may lose, where that is
more. For gradients and slots the scale is the largest norm of their kind so far: a gradient shrinks
as training goes on, and what it is summed from does not; and with as many rows of each class the
first gradient of a bias is 0, summed from numbers that are not. For weights and layer outputs the
scale is 1, as for a lesson's weights, times how far the largest of the kind has grown: in a run
that diverges on purpose all rounding grows with it, also that of a small bias. Norms are finite up
to the largest float, and so is every budget: what a run has overflowed by allows nothing.
"""

from __future__ import annotations

import numpy as np

from compare.budgets import EXACT, TRAJECTORY
from compare.diverge.sketch import Sketch
from course.error_bounds import summed
from course.overflow import LARGEST

SAME_BITS = ("data", "initial weights", "batch")
FLOOR = {"layer output": 1.0, "update": 1.0}


class Allowance:
    """The budgets of one run of a lesson."""

    def __init__(self, lesson: int, dtype: str) -> None:
        self.budget = TRAJECTORY[lesson, dtype]
        self.eps = float(np.finfo(dtype).eps)
        self.rows = 1  # of the batch
        self.steps: dict[str, int] = {}  # the first of each kind
        self.first: dict[str, float] = {}  # the largest norm of each kind then,
        self.largest: dict[str, float] = {}  # and so far

    def of(self, ours: Sketch) -> float:
        """What `ours` may be away from; quantities in the order of the run."""
        if (ours.stage, ours.tensor) == ("batch", "x"):
            self.rows = ours.shape[0]
        what = ours.tensor.partition(" ")[0]  # without the call of an epoch that it is of
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
    """What a quantity has its scale in common with: the weights after an epoch are those that every
    update led to, and have grown since the first of them."""
    if stage == "optimizer slot" or what == "losses":
        return what
    return "update" if stage == "epoch" else stage

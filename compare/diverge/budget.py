"""How far a quantity may be from another engine's, by the budgets of the lesson's trajectories.

Data, initial weights and batches are the course's own: equal bits. A loss keeps the budget of
`compare/budgets.py`. Any other array a is judged by its norm, ‖a − b‖ ≤ r·max(‖a‖, scale), where r
is the lesson's budget for weights. The scale is 1 for weights and layer outputs, as it is for a
lesson's weights. For gradients and slots it is the largest norm of their kind in the first step: a
gradient shrinks as training goes on, and what it is summed from does not; and with as many rows of
each class the first gradient of a bias is 0, summed from numbers that are not.
"""

from __future__ import annotations

from compare.budgets import EXACT, TRAJECTORY
from compare.diverge.quantity import Sketch

SAME_BITS = ("data", "initial weights", "batch")
SCALE = {"layer output": 1.0, "update": 1.0, "epoch": 1.0}


class Allowance:
    """The budgets of one run of a lesson."""

    def __init__(self, lesson: int, dtype: str) -> None:
        self.budget = TRAJECTORY[lesson, dtype]
        self.seen: set[tuple[str, str]] = set()
        self.scales: dict[str, float] = dict(SCALE)

    def of(self, ours: Sketch) -> float:
        """What `ours` may be away from; quantities in the order of the run."""
        kind = ours.tensor.partition(" ")[0] if ours.stage == "optimizer slot" else ours.stage
        if (ours.stage, ours.tensor) not in self.seen:
            self.seen.add((ours.stage, ours.tensor))
            if ours.stage not in SCALE:
                self.scales[kind] = max(ours.norm, self.scales.get(kind, 0.0))
        if ours.stage in SAME_BITS or self.budget == EXACT or ours.tensor == "t":
            return 0.0
        if ours.stage == "loss" or ours.tensor == "losses":
            first = self.scales["loss"] if self.budget.of_first else 0.0
            return self.budget.absolute + self.budget.relative * max(ours.norm, first)
        return self.budget.weights * max(ours.norm, self.scales[kind])

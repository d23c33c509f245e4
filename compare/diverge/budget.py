"""How far a quantity may be from another engine's, by the budgets of the lesson's trajectories.

Data, initial weights and batches are the course's own: equal bits. A loss keeps the budget of
`compare/budgets.py`. Any other array a is judged by its norm, ‖a − b‖ ≤ r·max(‖a‖, ‖a₀‖, floor):
r is the lesson's budget for weights, a₀ what the quantity was when first seen (a gradient shrinks
as training goes on, and what it is summed from does not), and the floor is 1 for weights and layer
outputs, as it is for a lesson's weights.
"""

from __future__ import annotations

from compare.budgets import EXACT, TRAJECTORY
from compare.diverge.quantity import Sketch

SAME_BITS = ("data", "initial weights", "batch")
FLOOR = {"layer output": 1.0, "update": 1.0, "epoch": 1.0}


class Allowance:
    """The budgets of one run of a lesson."""

    def __init__(self, lesson: int, dtype: str) -> None:
        self.budget = TRAJECTORY[lesson, dtype]
        self.first: dict[tuple[str, str], float] = {}

    def of(self, ours: Sketch) -> float:
        """What `ours` may be away from; quantities in the order of the run."""
        first = self.first.setdefault((ours.stage, ours.tensor), ours.norm)
        if ours.stage in SAME_BITS or self.budget == EXACT or ours.tensor == "t":
            return 0.0
        scale = max(ours.norm, first, FLOOR.get(ours.stage, 0.0))
        if ours.stage == "loss" or ours.tensor == "losses":
            return self.budget.absolute + self.budget.relative * max(
                ours.norm, first if self.budget.of_first else 0.0
            )
        return self.budget.weights * scale

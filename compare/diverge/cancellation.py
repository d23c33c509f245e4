"""What rounding may leave of a sum that cancels: an absolute part for every budget.

A budget that is a share of a quantity allows nothing where the quantity is zero, although each term
of the sum that makes it has been rounded. With data of mean zero and targets that sum to zero a
gradient is such a sum: one backend gets 0, another 1e-17, and both are right. So the size of the
terms is followed through the run, from the norms that a trace has.

Of n terms of size s that cancel, the partial sums are √k·s, and each is rounded by ε/2 of itself:
together ε·s·√(Σk)/2, which is ε·s·n/√8, and ε·s/√8 of the mean. Two backends differ by twice that,
0.7 ε. ROUNDED times ε is allowed, six times as much.
"""

from __future__ import annotations

import math

from compare.diverge.sketch import Sketch

ROUNDED = 4.0  # ε of the terms
# A velocity is a sum of gradients with weights 1, μ, μ², …: of 0.9, the largest μ of a lesson, ten.
MEMORY = 10.0
# Adam divides a gradient by its own size plus ε: of a parameter whose gradient is all rounding the
# step is as much of η as the rounding is of ε. The largest η and the smallest ε of any lesson.
NOISE = 10.0  # a gradient of fewer times what rounding leaves of it is all rounding
RATE, EPSILON = 0.1, 1e-8


class Terms:
    """The size of the terms behind each quantity of a run, from what came before it."""

    def __init__(self, eps: float) -> None:
        self.rounding = ROUNDED * eps
        self.rows = 1
        self.inputs = 0.0  # the largest root mean square of a row, of x or of a layer's output
        self.before = 0.0  # the norm of what the next layer reads
        self.weights = 0.0  # the largest norm of a parameter
        self.slope = 0.0  # of the loss by the scores, root mean square over the rows
        self.of_gradient = 0.0  # what a gradient may be off by
        self.gradient = 0.0  # the largest norm of a gradient
        self.noisy: set[str] = set()  # parameters whose gradient is all rounding
        self.is_adam = False

    def follow(self, of: Sketch) -> float:
        """What rounding may leave of this quantity, if its terms cancel. Call it in order."""
        norm = of.norm if of.finite else 0.0
        if of.stage in ("initial weights", "update"):
            self.weights = max(self.weights, norm)
            noisy = self.is_adam and of.tensor in self.noisy
            return RATE * self.of_gradient / EPSILON if noisy else 0.0
        if (of.stage, of.tensor) == ("batch", "x"):
            self.rows = max(1, of.shape[0])
            self.inputs = norm / math.sqrt(self.rows)
            self.before = norm
            return 0.0
        if of.stage == "layer output":
            allowed = self.rounding * self.before * self.weights
            self.before = norm
            self.inputs = max(self.inputs, norm / math.sqrt(self.rows))
            return allowed
        if of.stage == "loss":
            # |slope|² is 4·L of a row for squares, and at most 2·L for softmax and logistic, where
            # each entry is a probability below 1, and below the loss of its row.
            self.slope = 2 * math.sqrt(norm)
            return self.rounding * self.before / math.sqrt(self.rows)
        if of.stage == "gradient":
            self.of_gradient = self.rounding * self.slope * self.inputs
            self.gradient = max(self.gradient, norm)
            if norm <= NOISE * self.of_gradient:
                self.noisy.add(of.tensor)
            return self.of_gradient
        if of.stage == "optimizer slot":
            self.is_adam |= of.tensor.startswith("first")
            if of.tensor.startswith("second"):  # a mean of squares: (g + e)² − g²
                return (2 * self.gradient + self.of_gradient) * self.of_gradient
            return MEMORY * self.of_gradient
        return 0.0

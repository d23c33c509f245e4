"""How far two backends may part, by lesson and dtype, and why just so far.

Every budget is a number of machine epsilons ε of the dtype.

float64, ε = 2.2e-16: |ΔL| ≤ r·max(L, L₀) at every step, L₀ being the run's first loss, and
|ΔW| ≤ r·max(1, max|W|). Over 500 steps the worst healthy pair was 3.3e-15 on losses and 1.6e-15 on
weights (Keras, relu and momentum), and rounding grows between √t and t over a lesson's 1,000 to
2,000 steps. r = 4,500 ε = 1e-12 is some 300 times that worst, and far below the smallest known
defect, 2e-9 from a float32 constant inside an activation. Lesson 4 stacks layers, each multiplying
the rounding of the one before: ten times as much.

float32, ε = 1.2e-7: |ΔL| ≤ a + r·L. The worst healthy pair was 6e-7 on regression and 2.5e-6 on the
tanh network; the absolute error stays while the loss falls, so one part does not shrink with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adapters.contract import Array
from course.overflow import quietly

EPS64 = float(np.finfo(np.float64).eps)
EPS32 = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Budget:
    """What a run may differ by from the reference."""

    absolute: float  # in a loss, whatever its size
    relative: float  # in a loss, as a share of it
    of_first: bool  # whether that share is of the run's first loss, where that is larger
    weights: float  # in a weight or a predicted number, as a share of max(1, the largest)
    labels: float  # the share of predicted classes that may differ

    @quietly
    def for_losses(self, losses: Array) -> Array:
        """The largest gap allowed at each step, (steps,), from the reference's losses.

        A loss that is not finite makes its budget no number, which allows nothing.
        """
        floor = abs(float(losses[0])) if self.of_first and len(losses) else 0.0
        return self.absolute + self.relative * np.maximum(np.abs(losses), floor)

    def for_weights(self, weights: Array) -> float:
        """The largest gap allowed in one array of weights."""
        return self.weights * max(1.0, float(np.abs(weights).max(initial=0.0)))

    def for_labels(self, count: int) -> float:
        """How many of so many predicted classes may differ."""
        return max(1.0, self.labels * count) if self.labels else 0.0


def _float64(epsilons: float) -> Budget:
    return Budget(0.0, epsilons * EPS64, True, epsilons * EPS64, 0.0)


def _float32(absolute: float, relative: float, weights: float) -> Budget:
    # Scores of one row that are nearer to each other than their rounding decide a label by chance:
    # with gaps of 1e-5 between scores of size 1, about one row in ten thousand; ten times that.
    return Budget(absolute * EPS32, relative * EPS32, False, weights * EPS32, 1e-3)


EXACT = Budget(0.0, 0.0, False, 0.0, 0.0)
TRAJECTORY: dict[tuple[int, str], Budget] = {
    (1, "float64"): EXACT,  # integers and learning rate 1: nothing is ever rounded
    (1, "float32"): EXACT,
    (2, "float64"): _float64(4500),  # 1e-12
    (2, "float32"): _float32(8.4, 84, 8.4),  # 1e-6 + 1e-5·L, weights 1e-6
    (3, "float64"): _float64(4500),
    (3, "float32"): _float32(17, 42, 84),  # 2e-6 + 5e-6·L, weights 1e-5
    (4, "float64"): _float64(45000),  # 1e-11
    (4, "float32"): _float32(25, 84, 84),  # 3e-6 + 1e-5·L, weights 1e-5
    # The network of lesson 4, as deep and trained for fewer steps. What lesson 5 plants in a run
    # is NumPy on top of the backend, the same lines for every backend, and adds no gap of its own.
    (5, "float64"): _float64(45000),
    (5, "float32"): _float32(25, 84, 84),
    # In the run "99 + 1" half of every step is one picture's, and such a step stretches a rounding:
    # NumPy in float32 was up to 4.6e-6·L and 1.1e-5 in weights from itself in float64 (24 seeds).
    # Two backends may err to either side, and others more than NumPy: some five times that.
    (6, "float64"): _float64(45000),
    (6, "float32"): _float32(25, 210, 420),  # 3e-6 + 2.5e-5·L, weights 5e-5
}

# A run that is meant to diverge is judged while it is a run: up to the last loss below this times
# the first. Beyond, every rounding error has been multiplied as often as the loss itself.
DIVERGED = 1e6


def chaotic_accuracy_budget(count: int) -> float:
    """How far apart the accuracies of two runs may lie that rounding has parted, of so many rows.

    The share of other answers among few rows is drawn: three standard deviations more are allowed.
    """
    return CHAOTIC_DISAGREEMENT + 3 * float(np.sqrt(CHAOTIC_DISAGREEMENT * (1 - CHAOTIC_DISAGREEMENT) / count))


@quietly
def steps_before_divergence(losses: Array, others: Array | None = None) -> int:
    """For how many steps a run that diverges is judged: before a loss above DIVERGED · the first.

    others: another backend's losses of the run. Then it is judged until both are above that, or
    overflow: whoever does so alone is over there. A loss that is not a number is judged, and over,
    unless neither has one.
    """
    limit = DIVERGED * np.abs(losses[:1].astype(np.float64))
    beyond = np.abs(losses) > limit
    if others is not None:
        both = min(len(losses), len(others))
        lost = [(np.abs(a[:both]) > limit) | ~np.isfinite(a[:both]) for a in (losses, others)]
        beyond[:both] = lost[0] & lost[1]
    return int(np.argmax(beyond)) if beyond.any() else len(losses)


# In float32 a rounding error flips the sign of a hidden unit near zero, and the runs part for good.
# So relu networks are judged by single steps from shared weights, one in so many; where such a step
# is over the budget, a unit must have changed sign with |z| below this share of the largest |z|.
STEPS_BETWEEN_PROBES = 25
# Runs that have parted so still answer alike: after 15 epochs all but 6 % of 10,000 pictures. Their
# accuracies can lie no further apart than that share, and no defect that costs more is let through.
CHAOTIC_DISAGREEMENT = 0.06
FLIP = 84 * EPS32  # 1e-5: the gap that the budget leaves a pre-activation
# Adam makes a full step of any gradient, also of one that is all rounding. Each entry is a sum over
# the batch of products as large as those of the largest entry, and may lose some ε of them.
MAGNIFIED = 8 * EPS32  # 1e-6 of the largest entry

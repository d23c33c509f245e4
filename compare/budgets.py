"""How far two backends may differ, by network and dtype, and the reason for each figure.

Every budget is a number of machine epsilons ε of the dtype. It belongs to a kind of network
(`kind_of`) and to its number of steps: the figures hold up to 2,000, and for a longer run they grow
with the steps. A lesson has the budget of its largest network; one that no table names is judged
run by run, each by its own network's.

float64, ε = 2.2e-16: |ΔL| ≤ r·max(L, L₀) at every step, L₀ being the run's first loss, and
|ΔW| ≤ r·max(1, max|W|). Over 500 steps the worst healthy pair was 3.3e-15 on losses and 1.6e-15 on
weights (Keras, relu and momentum), and rounding grows between √t and t over a lesson's 1,000 to
2,000 steps. r = 4,500 ε = 1e-12 is some 300 times that worst, and far below the smallest known
defect, 2e-9 from a float32 constant inside an activation. Stacked layers multiply each the rounding
of the one before: their budget is ten times as large. Convolutions and attention stayed within it:
1.2e-12 on any backend after 200 steps.

float32, ε = 1.2e-7: |ΔL| ≤ a + r·L. The worst healthy pair was 6e-7 on regression and 2.5e-6 on the
tanh network; the absolute error stays while the loss falls, so part of the budget is absolute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from adapters.contract import Array, Net, TriptychError, require
from adapters.layers import Attention, Conv2D, flat
from course.networks import from_json, places
from course.overflow import quietly

EPS64 = float(np.finfo(np.float64).eps)
EPS32 = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Budget:
    """How far a run may differ from the reference."""

    absolute: float  # in a loss, whatever its size
    relative: float  # in a loss, as a share of it
    of_first: bool  # whether that share is of the run's first loss, where that is larger
    weights: float  # in a weight or a predicted number, as a share of max(1, the largest)
    labels: float  # the share of predicted classes that may differ
    places: int = 1  # how many products a gradient adds up for each row of a batch

    @property
    def is_exact(self) -> bool:
        """Whether it allows no gap in a loss or a weight."""
        return self.absolute == self.relative == self.weights == 0

    @quietly
    def for_losses(self, losses: Array) -> Array:
        """The largest gap allowed at each step, (steps,), from the reference's losses.

        The budget of a loss that is not finite is NaN, which allows no gap.
        """
        floor = abs(float(losses[0])) if self.of_first and len(losses) else 0.0
        return self.absolute + self.relative * np.maximum(np.abs(losses), floor)

    def for_weights(self, weights: Array) -> float:
        """The largest gap allowed in one array of weights."""
        return self.weights * max(1.0, float(np.abs(weights).max(initial=0.0)))

    def for_labels(self, count: int) -> float:
        """How many of `count` predicted classes may differ."""
        return max(1.0, self.labels * count) if self.labels else 0.0

    def for_accuracy(self, count: int) -> float:
        """How far an accuracy on `count` rows may differ."""
        return self.for_labels(count) / count


def _float64(epsilons: float) -> Budget:
    return Budget(0.0, epsilons * EPS64, True, epsilons * EPS64, 0.0)


def _float32(absolute: float, relative: float, weights: float) -> Budget:
    # Where two scores of a row are closer than their rounding, chance decides the label: with gaps
    # of 1e-5 between scores of size 1, about one row in ten thousand; ten times that is allowed.
    return Budget(absolute * EPS32, relative * EPS32, False, weights * EPS32, 1e-3)


EXACT = Budget(0.0, 0.0, False, 0.0, 0.0)
STEPS = 2000  # the longest run of a lesson: up to here the figures hold

# By kind of network, in float64 and in float32.
KINDS: dict[str, tuple[Budget, Budget]] = {
    "perceptron": (EXACT, EXACT),  # integers and learning rate 1: nothing is ever rounded
    "line": (_float64(4500), _float32(8.4, 84, 8.4)),  # 1e-12; 1e-6 + 1e-5·L, weights 1e-6
    "one layer": (_float64(4500), _float32(17, 42, 84)),  # 1e-12; 2e-6 + 5e-6·L, weights 1e-5
    "layers": (_float64(45000), _float32(25, 84, 84)),  # 1e-11; 3e-6 + 1e-5·L, weights 1e-5
    # In float32 NumPy was up to 4 ε in losses and 7 ε in weights from itself in float64 after 300
    # steps of tanh convolutions: rounding as in other layers.
    "windows": (_float64(45000), _float32(25, 84, 84)),
    # With momentum 4 ε and 9 ε, likewise; under Adam such runs separate (`why_chaotic`). In
    # float64 a change of every weight by 1 ε moved losses by 2 ε in 600 steps under Adam, on text
    # that can be learnt. On random words it grew a hundred million times in 700: no lesson's data.
    # Lesson 8, whole: 2.8e-15 in losses and 2.3e-13 in weights. Without the way around, at Adam's
    # full rate, 1 ε grew to 1e-2 in 160 steps; at a quarter of it, the lesson's, to 6e-15.
    "attention": (_float64(45000), _float32(25, 84, 84)),
}
DTYPES = ("float64", "float32")

# The largest network of each lesson. Lesson 5's injections are NumPy code on top of the backend,
# the same lines for every backend, and add no gap of their own.
LARGEST = {1: "perceptron", 2: "line", 3: "one layer", 4: "layers", 5: "layers", 6: "layers",
           7: "windows", 8: "attention"}  # fmt: skip
TRAJECTORY: dict[tuple[int, str], Budget] = {
    (lesson, dtype): budget
    for lesson, kind in LARGEST.items()
    for dtype, budget in zip(DTYPES, KINDS[kind], strict=True)
}
# In the run "99 + 1" one picture makes up half of every step, which amplifies rounding: NumPy in
# float32 was up to 4.6e-6·L and 1.1e-5 in weights from itself in float64 (24 seeds). Two backends
# may err in opposite directions, and others more than NumPy: about five times that.
TRAJECTORY[6, "float32"] = _float32(25, 210, 420)  # 3e-6 + 2.5e-5·L, weights 5e-5


def kind_of(net: Net) -> str:
    """The kind of a network, one of `KINDS`."""
    layers = list(flat(net.layers))
    if any(isinstance(layer, Attention) for layer in layers):
        return "attention"
    if any(isinstance(layer, Conv2D) for layer in layers):
        return "windows"
    if sum(bool(layer.parameters) for layer in layers) > 1:
        return "layers"
    return {"perceptron": "perceptron", "squared": "line"}.get(net.loss, "one layer")


def budget_of_net(net: Net, steps: int, dtype: str) -> Budget:
    """The budget of a run of so many steps, by its network."""
    budget = replace(KINDS[kind_of(net)][DTYPES.index(dtype)], places=places(net))
    growth = max(1.0, steps / STEPS)
    return replace(
        budget, absolute=growth * budget.absolute, relative=growth * budget.relative,
        weights=growth * budget.weights,
    )  # fmt: skip


def budget_of(lesson: int, dtype: str) -> Budget:
    """The budget of a lesson in a dtype; raises TriptychError for a lesson that has none."""
    require(
        (lesson, dtype) in TRAJECTORY,
        f"lesson {lesson} has no budget of its own in {dtype}: its runs are judged by their "
        "networks; or name its largest in LARGEST in compare/budgets.py",
        TriptychError,
    )
    return TRAJECTORY[lesson, dtype]


def budget_of_run(card: Mapping[str, Any], run: str) -> Budget:
    """The budget of a run of a record or a trace: its lesson's, if it has one, or its network's.

    What a lesson trained in a loop of its own has the widest of its record's networks. Raises
    TriptychError if the record has none.
    """
    lesson, dtype, runs = card["lesson"], card["dtype"], card.get("runs", {})
    if (lesson, dtype) in TRAJECTORY or not runs:
        budget = budget_of(lesson, dtype)
        has_places = LARGEST.get(lesson) in ("windows", "attention") and run in runs
        return replace(budget, places=places(from_json(runs[run]))) if has_places else budget
    of = [runs[run]] if run in runs else runs.values()
    budgets = [budget_of_net(from_json(each), each["steps"], dtype) for each in of]
    return max(budgets, key=lambda budget: budget.weights)


# A run that is meant to diverge is judged up to the last loss below this times the first. Beyond
# that, every rounding error has grown as much as the loss itself.
DIVERGED = 1e6


def chaotic_accuracy_budget(count: int) -> float:
    """How far the accuracies of two chaotic runs may differ on `count` rows.

    Among few rows the share of different answers varies by chance: three standard deviations more
    are allowed.
    """
    p = CHAOTIC_DISAGREEMENT
    return p + 3 * float(np.sqrt(p * (1 - p) / count))


@quietly
def steps_before_divergence(losses: Array, others: Array | None = None) -> int:
    """How many steps of a diverging run are judged: those before a loss above DIVERGED · L₀.

    others: another backend's losses of the run. The run is then judged until both are above that
    limit or overflow: a backend that diverges alone is over its budget. A NaN loss is judged, and
    over, unless both backends have one.
    """
    limit = DIVERGED * np.abs(losses[:1].astype(np.float64))
    beyond = np.abs(losses) > limit
    if others is not None:
        both = min(len(losses), len(others))
        lost = [(np.abs(a[:both]) > limit) | ~np.isfinite(a[:both]) for a in (losses, others)]
        beyond[:both] = lost[0] & lost[1]
    return int(np.argmax(beyond)) if beyond.any() else len(losses)


# In float32 a rounding error flips the sign of a hidden unit near zero, and the runs separate for
# good. So relu networks are judged by single steps from shared weights, one step in so many; where
# such a step is over its budget, a unit must have changed sign with |z| below FLIP of the largest.
STEPS_BETWEEN_PROBES = 25
# Runs separated like this still give the same answers, after 15 epochs for all but 6 % of 10,000
# pictures. Their accuracies differ by at most that share; a defect that costs more is found.
CHAOTIC_DISAGREEMENT = 0.06
FLIP = 84 * EPS32  # 1e-5: the gap that the budget allows a pre-activation
# Adam takes a full step for any gradient, even one that is all rounding. Each entry is a sum over
# the batch of products as large as those of the largest entry, and may lose a few ε of them.
MAGNIFIED = 8 * EPS32  # 1e-6 of the largest entry


def magnified(net: Net) -> float:
    """The share of a gradient's largest entry that may be all rounding.

    A sum of n products of random signs is about √n of them, and so are its roundings, each ε/2 of
    what has been added up: together about √n·ε/5 of the sum. With a hundred rows this is 2 ε, of
    which MAGNIFIED is four times. A parameter used at p places of each row sums p times as many:
    √p times that. Measured at most: 58 ε where this is 208 (a convolution at 26 × 26 places of 100
    rows), 14 ε where it is 24 (attention over 9 places).
    """
    return MAGNIFIED * float(np.sqrt(places(net)))

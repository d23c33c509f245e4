"""Hold a native program's numbers against the record of a lesson: losses, weights, predictions.

The program shares nothing with the lesson but what the lesson fixed. A mistake that all backends
share, in the training loop, the learning rate, the penalty, the metrics, is a gap here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.contract import Array
from compare.budgets import Budget, budget_of_run, chaotic_accuracy_budget
from compare.comparison import Finding
from compare.findings import is_chaotic
from compare.gaps import worst
from compare.native.programs import OF_EPOCHS, STRAIGHT
from course.lessons import LESSONS

HELD_OUT = "nats on the held-out text"  # a measure of lesson 8

Arrays = dict[str, Array]
Card = dict[str, Any]
# A quasi-Newton method ends where its gradient is below 1e-3 or so of the loss: it may be above the
# lowest point by the square of that, and is far below what a few epochs reach.
NEARLY_LOWEST = 1e-4


@dataclass(frozen=True)
class Outcome:
    """One program that has run: what it left, and its gaps to the lesson; or why it failed."""

    framework: str
    source: str
    arrays: dict[str, Array]
    gaps: list[Finding]
    accuracy: float | None = None
    error: str = ""

    @property
    def agrees(self) -> bool:
        """Whether every gap is within its budget."""
        return not self.error and all(gap.holds for gap in self.gaps)


def gaps(
    lesson: int, framework: str, left: Arrays, record: tuple[Arrays, Card], fixed: Arrays
) -> list[Finding]:
    """The gap of everything that a program leaves to a record, and its budget.

    left: as of `programs.result`; fixed: the arrays that both started from. A relu network in
    float32, which rounding alone separates, is judged by its accuracy; scikit-learn's closed form
    and quasi-Newton method by the loss that they arrive at.
    """
    arrays, card = record
    run = LESSONS[lesson].native
    theirs = {
        key.rpartition("/")[2]: array
        for key, array in arrays.items()
        if key.rpartition("/")[0] == run
    }
    budget = budget_of_run(card, run)
    if (lesson, framework) in STRAIGHT:
        return [_lowest(lesson, run, left, theirs, fixed)]
    found = [_accuracy(run, left, fixed, card)]
    if "held_out" in left and not is_chaotic(card, run):
        found.append(_held_out(run, left, theirs, card))
    if not is_chaotic(card, run):
        found += _exactly(framework, run, left, theirs, budget, card, fixed)
    return found


def _exactly(
    framework: str,
    run: str,
    left: Arrays,
    theirs: Arrays,
    budget: Budget,
    card: Card,
    fixed: Arrays,
) -> Iterator[Finding]:
    if "mistakes" in left:
        ours, counts = left["mistakes"], theirs["mistakes"]
        yield worst("trajectory", run, "mistakes", counts, ours, np.zeros(counts.shape))
    elif "losses" in left:
        losses = theirs["losses"].astype(np.float64)
        allowed = budget.for_losses(theirs["losses"])
        if framework in OF_EPOCHS:
            of = len(fixed["x"]), card["runs"][run]["batch_size"]
            losses, allowed = (of_epochs(a, *of) for a in (losses, allowed))
        yield worst("trajectory", run, "losses", losses, left["losses"], allowed, steps=True)
    for i in range(sum(key.startswith("param_") for key in theirs)):
        a, b = theirs[f"param_{i}"], left[f"weight_{i}"]
        allowed = np.full(a.shape, budget.for_weights(a))
        yield worst("trajectory", run, f"param_{i}", a, b.reshape(a.shape), allowed)
    ours, answers = left["predicted"], theirs["predictions"]
    if answers.dtype.kind == "i":
        differ = float((ours.reshape(answers.shape) != answers).sum())
        yield Finding("metric", run, "predictions", differ, budget.for_labels(answers.size))
    else:
        allowed = np.full(answers.shape, budget.for_weights(answers))
        yield worst("metric", run, "predictions", answers, ours.reshape(answers.shape), allowed)


def of_epochs(values: Array, n: int, size: int) -> Array:
    """The mean of each epoch's batches of n rows, weighted by their rows, as `fit` reports it."""
    rows = np.minimum(size, n - np.arange(0, n, size))  # of each batch; the last may be smaller
    return np.asarray(values.reshape(-1, len(rows)) @ rows / n)


def accuracy(left: Arrays, fixed: Arrays) -> float | None:
    """The share of test rows that a program gets right; None where there are no classes."""
    if left["predicted"].dtype.kind == "f" and not np.isin(left["predicted"], (-1, 1)).all():
        return None
    right = left["predicted"].reshape(fixed["y_test"].shape) == fixed["y_test"]
    return float(right.mean())


def _accuracy(run: str, left: Arrays, fixed: Arrays, card: Card) -> Finding:
    """The accuracy that the card states against the one counted here."""
    stated = card["runs"].get(run, card)["accuracy"]  # lesson 1 trains in a loop of its own
    counted, count = accuracy(left, fixed), len(fixed["y_test"])
    if stated is None or counted is None:
        return Finding("metric", run, "accuracy", 0.0, 0.0)
    allowed = budget_of_run(card, run).for_accuracy(count)
    if is_chaotic(card, run):
        allowed = chaotic_accuracy_budget(count)
    return Finding("metric", run, "accuracy", abs(counted - stated), allowed)


def _held_out(run: str, left: Arrays, theirs: Arrays, card: Card) -> Finding:
    """The loss on the held-out rows that the card states against the program's own."""
    gap = abs(float(left["held_out"]) - card["measures"][HELD_OUT])
    return Finding(
        "metric",
        run,
        HELD_OUT,
        gap,
        float(budget_of_run(card, run).for_losses(theirs["losses"])[0]),
    )


def _lowest(lesson: int, run: str, left: Arrays, theirs: Arrays, fixed: Arrays) -> Finding:
    """How far a program that went straight to the lowest point is above the lesson."""
    x, y = fixed["x"].astype(np.float64), fixed["y"]

    def loss(kernel: Array, bias: Array) -> float:
        z = x @ kernel.astype(np.float64) + bias
        if lesson == 2:
            return float(np.mean((z - y) ** 2))
        z -= z.max(axis=1, keepdims=True)
        crossentropy = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]
        return float(crossentropy.mean() + 0.5e-3 * np.sum(kernel.astype(np.float64) ** 2))

    ours = loss(left["weight_0"], left["weight_1"])
    lesson_loss = loss(theirs["param_0"], theirs["param_1"])
    return Finding("trajectory", run, "final loss", max(0.0, ours - lesson_loss), NEARLY_LOWEST)

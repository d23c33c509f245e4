"""Gaps that do not matter, to compare the gap between backends with."""

from __future__ import annotations

from typing import Any

from adapters.contract import Array
from compare.budgets import steps_before_divergence
from compare.comparison import Noise
from compare.findings import diverges
from compare.gaps import gaps

Record = tuple[dict[str, Array], dict[str, Any]]


def noise(what: str, one: Record, other: Record) -> Noise:
    """The largest gaps of losses and final weights between two records, and that of the accuracy.

    Runs of different lengths (other seeds search longer) are compared up to the shorter one's end.
    """
    (ours, our_card), (theirs, their_card) = one, other
    losses = weights = 0.0
    for key in ours:
        run, _, kind = key.rpartition("/")
        if key not in theirs or key.startswith("looks/"):
            continue
        a, b = ours[key], theirs[key]
        if kind == "losses":
            steps = min(len(a), len(b))
            if diverges(our_card, run):
                steps = min(steps_before_divergence(a, b), steps_before_divergence(b, a))
            losses = max(losses, float(gaps(a[:steps], b[:steps]).max(initial=0.0)))
        elif kind.startswith("param_") and a.shape == b.shape and not diverges(our_card, run):
            weights = max(weights, float(gaps(a, b).max(initial=0.0)))
    accuracy = None
    if our_card["accuracy"] is not None and their_card["accuracy"] is not None:
        accuracy = abs(our_card["accuracy"] - their_card["accuracy"])
    return Noise(what, losses, weights, accuracy)


def largest(between: list[Noise]) -> Noise | None:
    """The largest of each kind of gap; None for an empty list."""
    if not between:
        return None
    accuracies = [n.accuracy for n in between if n.accuracy is not None]
    return Noise(
        "the largest between backends",
        max(n.losses for n in between),
        max(n.weights for n in between),
        max(accuracies, default=None),
    )


def same_bits(one: Record, other: Record) -> tuple[str, float]:
    """The array that differs most between two runs of a backend, and its gap; ("", 0.0) if none."""
    (ours, _), (theirs, _) = one, other
    worst = ("", 0.0)
    for key in sorted(set(ours) | set(theirs)):
        if key.startswith("looks/"):
            continue
        if key not in ours or key not in theirs or ours[key].shape != theirs[key].shape:
            return key, float("inf")
        if ours[key].tobytes() != theirs[key].tobytes():
            gap = float(gaps(ours[key], theirs[key]).max())
            worst = max(worst, (key, gap or 5e-324), key=lambda entry: entry[1])
    return worst

"""Runs that must part by rounding: what of them is judged, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from compare.comparison import Finding, Outcome
from compare.equivalence import ENOUGH, MARGIN, equivalence
from compare.findings import is_chaotic

Card = dict[str, Any]


def judge_final_accuracy(outcome: Outcome, ours: list[Card], theirs: list[Card]) -> None:
    """Add to a backend's outcome what is to be said of such runs.

    ours, theirs: the cards of the reference and of the backend, one for each seed, in one order.
    """
    runs = [run for run in ours[0]["runs"] if is_chaotic(ours[0], run)]
    if not runs:
        return
    outcome.notes.append(
        f"{', '.join(runs)}: relu in {ours[0]['dtype']} parts by rounding alone, so not the "
        "trajectory is judged but single steps from shared weights, and the accuracy, coarsely"
    )
    for run in runs:
        if len(ours) == len(theirs) > 1:
            _judge_accuracy(outcome, run, *(_accuracies(cards, run) for cards in (ours, theirs)))


def _accuracies(cards: list[Card], run: str) -> list[float]:
    return [card["runs"][run]["accuracy"] for card in cards]


def _judge_accuracy(outcome: Outcome, run: str, ours: list[float], theirs: list[float]) -> None:
    verdict = equivalence(np.array(ours), np.array(theirs))
    what = f"accuracy over {verdict.seeds} seeds"
    if verdict.too_few:
        outcome.notes.append(
            f"{run}: {what} is not shown equivalent (the mean gap may be {verdict.reach:.2%}, the "
            f"margin is {MARGIN:.1%}), and so few seeds cannot tell: use SEEDS={ENOUGH}"
        )
    else:
        if not verdict.equivalent:
            what += ", different" if verdict.different else ", not shown equivalent"
        outcome.findings.append(Finding("metric", run, what, verdict.reach, MARGIN))

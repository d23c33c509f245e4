"""Runs that rounding alone separates: what is judged of them, and what the user reads about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from compare.comparison import Finding, Outcome
from compare.equivalence import ENOUGH, MARGIN, equivalence
from compare.findings import is_chaotic, why_chaotic

Card = dict[str, Any]


def judge_final_accuracy(outcome: Outcome, ours: list[Card], theirs: list[Card]) -> None:
    """Add notes and findings about such runs to a backend's outcome.

    ours, theirs: the cards of the reference and of the backend, one for each seed, in the same
    order.
    """
    runs = [run for run in ours[0]["runs"] if is_chaotic(ours[0], run)]
    if not runs:
        return
    why = " and ".join(dict.fromkeys(why_chaotic(ours[0], run) for run in runs))
    outcome.notes.append(
        f"{', '.join(runs)}: {why} in {ours[0]['dtype']} diverges by rounding alone, so single "
        "steps from shared weights and the accuracy are judged instead of the trajectory"
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
            f"margin is {MARGIN:.1%}), and this takes more seeds: use SEEDS={ENOUGH}"
        )
    else:
        if not verdict.equivalent:
            what += ", different" if verdict.different else ", not shown equivalent"
        outcome.findings.append(Finding("metric", run, what, verdict.reach, MARGIN))

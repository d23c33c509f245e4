"""The equivalence test on data where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from compare.chaotic_runs import judge_final_accuracy
from compare.comparison import Outcome
from compare.equivalence import ENOUGH, LEVEL, MARGIN, SPREAD, equivalence

SEEDS = np.random.default_rng(0).normal(0.88, SPREAD, 20)  # accuracies, spread as seeds spread


def other(shift: float, noise: float, n: int = ENOUGH, seed: int = 1) -> np.ndarray:
    return SEEDS[:n] + shift + np.random.default_rng(seed).normal(0, noise, n)


def test_equal_backends_are_equivalent() -> None:
    verdict = equivalence(SEEDS[:ENOUGH], other(0, SPREAD / 4))
    assert verdict.equivalent
    assert verdict.low < 0 < verdict.high


def test_the_same_numbers_are_equivalent() -> None:
    verdict = equivalence(SEEDS, SEEDS)
    assert (verdict.low, verdict.high, verdict.equivalent) == (0, 0, True)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_shift_beyond_the_margin_is_not(sign: int) -> None:
    for n in (3, ENOUGH):  # what is certainly different needs no more seeds
        verdict = equivalence(SEEDS[:n], other(sign * 2 * MARGIN, SPREAD / 20, n))
        assert not verdict.equivalent
        assert verdict.different
        assert not verdict.too_few


def test_no_difference_found_is_not_equivalence() -> None:
    """Too noisy: the mean may be anywhere, and a t-test would find nothing."""
    verdict = equivalence(SEEDS[:ENOUGH], other(0, 5 * SPREAD))
    assert verdict.low < 0 < verdict.high
    assert not verdict.equivalent
    assert not verdict.different
    assert not verdict.too_few


def test_too_few_seeds_are_reported() -> None:
    verdict = equivalence(SEEDS[:2], other(0, SPREAD, 2))
    assert not verdict.equivalent
    assert verdict.too_few


def test_unequal_backends_are_called_equivalent_at_most_at_the_level() -> None:
    """A shift of exactly the margin passes in a share LEVEL of trials, or less."""
    trials = 2000
    rng = np.random.default_rng(2)
    passed = sum(
        equivalence(np.zeros(ENOUGH), rng.normal(MARGIN, SPREAD / 2, ENOUGH)).equivalent
        for _ in range(trials)
    )
    # four standard errors of a share of 0.05 in so many trials
    assert passed / trials <= LEVEL + 4 * (LEVEL * (1 - LEVEL) / trials) ** 0.5


def test_enough_seeds_are_enough_at_the_spread_that_is_expected() -> None:
    """Even if rounding separated all runs, ENOUGH seeds would show most healthy pairs equal."""
    rng = np.random.default_rng(3)
    shown = sum(
        equivalence(rng.normal(0, SPREAD, ENOUGH), rng.normal(0, SPREAD, ENOUGH)).equivalent
        for _ in range(500)
    )
    assert shown >= 250


def cards(accuracies: np.ndarray) -> list[dict]:
    layers = [[784, 128, "relu"], [128, 10, "identity"]]
    return [
        {"dtype": "float32", "runs": {"momentum": {"layers": layers, "accuracy": float(a)}}}
        for a in accuracies
    ]


def judged(theirs: np.ndarray) -> Outcome:
    outcome = Outcome("torch", "complete")
    judge_final_accuracy(outcome, cards(SEEDS[: len(theirs)]), cards(theirs))
    return outcome


def test_the_final_accuracy_of_chaotic_runs_is_judged() -> None:
    good, bad = judged(other(0, SPREAD / 4)), judged(other(2 * MARGIN, SPREAD / 4))
    (finding,) = good.findings
    assert good.agrees
    assert (finding.stage, finding.run, finding.budget) == ("metric", "momentum", MARGIN)
    assert f"{ENOUGH} seeds" in finding.tensor
    assert not bad.agrees
    assert any("diverges by rounding" in note for note in good.notes)


def test_too_few_seeds_are_a_note_and_no_verdict() -> None:
    outcome = judged(other(0, SPREAD, 2))
    assert outcome.findings == []
    assert f"SEEDS={ENOUGH}" in outcome.notes[-1]
    assert judged(other(0, SPREAD, 1)).findings == []

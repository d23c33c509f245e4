"""The budgets have the published values and are applied as documented."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from compare import budgets
from compare.budgets import EPS32, EPS64, EXACT, TRAJECTORY, Budget, steps_before_divergence

# What the head of compare/budgets.py derives: absolute and relative in a loss, relative in a
# weight, in epsilons of the dtype. A change there needs one here, on purpose.
DERIVED = {
    (1, "float64"): (0, 0, 0),
    (1, "float32"): (0, 0, 0),
    (2, "float64"): (0, 4500, 4500),
    (2, "float32"): (8.4, 84, 8.4),
    (3, "float64"): (0, 4500, 4500),
    (3, "float32"): (17, 42, 84),
    (4, "float64"): (0, 45000, 45000),
    (4, "float32"): (25, 84, 84),
    (5, "float64"): (0, 45000, 45000),
    (5, "float32"): (25, 84, 84),
    (6, "float64"): (0, 45000, 45000),
    (6, "float32"): (25, 210, 420),
}


def test_the_epsilons() -> None:
    assert (EPS64, EPS32) == (2**-52, 2**-23)


def test_budgets_are_those_derived() -> None:
    assert set(TRAJECTORY) == set(DERIVED)
    for (lesson, dtype), sizes in DERIVED.items():
        eps = EPS64 if dtype == "float64" else EPS32
        budget = TRAJECTORY[lesson, dtype]
        assert (budget.absolute, budget.relative, budget.weights) == tuple(n * eps for n in sizes)
        assert budget.of_first == (dtype == "float64" and lesson > 1)
        assert budget.labels == (1e-3 if dtype == "float32" and lesson > 1 else 0)
    assert TRAJECTORY[1, "float64"] is EXACT
    assert (budgets.STEPS_BETWEEN_PROBES, budgets.DIVERGED) == (25, 1e6)
    assert (budgets.FLIP, budgets.MAGNIFIED) == (84 * EPS32, 8 * EPS32)


def test_accuracies_of_chaotic_runs_may_differ_by_a_share_and_its_noise() -> None:
    # 6 %, and three standard deviations of a share of 6 % among so many rows.
    for rows, allowed in ((10_000, 0.06 + 0.007125), (100, 0.06 + 0.07125)):
        assert budgets.chaotic_accuracy_budget(rows) == pytest.approx(allowed, rel=1e-3)


def test_budgets_cannot_be_changed() -> None:
    budget: Any = EXACT
    with pytest.raises(AttributeError):
        budget.relative = 1.0


def test_a_loss_is_judged_by_its_own_size_or_by_the_first() -> None:
    losses = np.array([-2.0, 8.0, 0.5])
    own = Budget(0.25, 0.5, False, 0.0, 0.0)
    first = Budget(0.25, 0.5, True, 0.0, 0.0)
    assert own.for_losses(losses).tolist() == [1.25, 4.25, 0.5]
    assert first.for_losses(losses).tolist() == [1.25, 4.25, 1.25]
    assert first.for_losses(losses[:0]).shape == (0,)
    assert first.for_losses(losses[2:]).tolist() == [0.5]


def test_weights_are_judged_by_the_largest_or_by_one() -> None:
    budget = Budget(0.0, 0.0, False, 0.5, 0.0)
    assert budget.for_weights(np.array([[0.1, -4.0], [3.0, 0.0]])) == 2
    assert budget.for_weights(np.array([0.1])) == 0.5
    assert budget.for_weights(np.zeros(0)) == 0.5


def test_a_share_of_the_labels_but_at_least_one() -> None:
    budget = Budget(0.0, 0.0, False, 0.0, 0.125)
    assert [budget.for_labels(n) for n in (0, 4, 8, 80)] == [1, 1, 1, 10]
    assert EXACT.for_labels(1000) == 0


def test_a_run_is_judged_until_its_loss_is_a_million_times_the_first() -> None:
    losses = np.array([2.0, -2e6, 2e6, 2.1e6, 1.0])
    assert steps_before_divergence(losses) == 3
    assert steps_before_divergence(losses[:3]) == 3
    assert steps_before_divergence(np.array([-2.0, 1.0, -2.1e6])) == 2
    assert steps_before_divergence(np.array([1.0, np.nan, 1.0])) == 3
    assert steps_before_divergence(np.array([3e38, np.inf], np.float32)) == 1
    assert steps_before_divergence(np.zeros(0)) == 0

"""The budget of a quantity depends on the size of the terms of its sum."""

from __future__ import annotations

import numpy as np
import pytest

from compare.budgets import TRAJECTORY
from compare.diverge.gap import count_within_budget, first_over, gaps
from compare.diverge.sketch import Quantity, Sketch, sketch
from compare.diverge.tolerance import Allowance

R = TRAJECTORY[4, "float64"].weights


def of(stage: str, tensor: str, array: np.ndarray, step: int = 0) -> Sketch:
    return sketch(Quantity(step, stage, tensor, array))


def test_a_gradient_that_vanishes_is_judged_by_the_largest_of_its_kind() -> None:
    allowance = Allowance(4, "float64")
    assert allowance.of(of("gradient", "W0", np.array([3.0, 4.0]))) == pytest.approx(5 * R)
    assert allowance.of(of("gradient", "b0", np.zeros(2))) == pytest.approx(5 * R)
    assert allowance.of(of("gradient", "W0", np.zeros(2), step=9)) == pytest.approx(5 * R)


def test_moments_of_different_size_have_budgets_of_their_own() -> None:
    allowance = Allowance(4, "float64")
    first = of("optimizer slot", "first moment of W0", np.array([1.0]))
    second = of("optimizer slot", "second moment of W0", np.array([1e-4]))
    assert allowance.of(first) == pytest.approx(R)
    assert allowance.of(second) == pytest.approx(1e-4 * R)


def test_where_a_run_diverges_the_rounding_of_a_small_bias_grows_too() -> None:
    allowance = Allowance(4, "float64")
    for step, size in enumerate([1.0, 1e5]):
        allowance.of(of("update", "W0", np.array([size]), step))
    assert allowance.of(of("update", "b0", np.zeros(1), 1)) == pytest.approx(1e5 * R)


def test_data_weights_and_batches_must_be_equal() -> None:
    allowance = Allowance(2, "float32")
    for stage in ("data", "initial weights", "batch"):
        assert allowance.of(of(stage, "x", np.ones(5))) == 0


def test_a_perceptron_is_exact() -> None:
    assert Allowance(1, "float32").of(of("update", "W0", np.ones(5))) == 0


def test_the_first_gap_over_budget_is_found_and_a_missing_quantity_is_one() -> None:
    ours = [of("loss", "loss", np.array(2.0)), of("gradient", "W0", np.ones(3))]
    wrong = [ours[0], of("gradient", "W0", np.ones(3) + 1e-6)]
    assert count_within_budget(gaps("sgd", ours, wrong, 4, "float64")) == 1
    over = first_over(gaps("sgd", ours, wrong, 4, "float64"))
    assert over is not None
    assert (over.stage, over.tensor) == ("gradient", "W0")
    assert over.gap == pytest.approx(1e-6 * 3**0.5)
    short = first_over(gaps("sgd", ours, ours[:1], 4, "float64"))
    assert short is not None
    assert short.gap == np.inf
    assert first_over(gaps("sgd", ours[:1], ours, 4, "float64")) is not None
    assert first_over(gaps("sgd", ours, ours, 4, "float64")) is None

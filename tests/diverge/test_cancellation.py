"""Zeros that are sums of terms which cancel: their budget is a share of the terms."""

from __future__ import annotations

import numpy as np
import pytest

from compare.budgets import TRAJECTORY, budget_of
from compare.diverge.gap import Allowance
from compare.diverge.sketch import Quantity, Sketch, sketch

R = TRAJECTORY[4, "float64"].weights
F64 = budget_of(4, "float64"), "float64"


def of(stage: str, tensor: str, array: np.ndarray, step: int = 0) -> Sketch:
    return sketch(Quantity(step, stage, tensor, array))


def test_a_sum_that_cancels_may_keep_what_its_terms_were_rounded_by() -> None:
    """With standardised inputs the first gradient is 0 of terms of size 1; 1e-17 is right, too."""
    allowance = Allowance(*F64)
    x = np.array([[1.0], [-1.0]])
    for one in (
        of("batch", "x", x), of("layer output", "layer 0", np.zeros((2, 1))),
        of("loss", "loss", np.array(1.0)),
    ):  # fmt: skip
        allowance.of(one)
    allowed = allowance.of(of("gradient", "W0", np.zeros(1)))
    assert 1e-16 < allowed < 1e-14
    slot = allowance.of(of("optimizer slot", "velocity of W0", np.zeros(1)))
    assert allowed < slot < 100 * allowed


def test_adam_may_move_by_rounding_where_a_gradient_is_nothing_else() -> None:
    def moved(gradient: float) -> float:
        allowance = Allowance(*F64)
        for one in (
            of("batch", "x", np.ones((2, 1))), of("loss", "loss", np.array(1.0)),
            of("gradient", "W0", np.ones(1)), of("gradient", "b0", np.array([gradient])),
            of("optimizer slot", "first moment of b0", np.array([gradient])),
        ):  # fmt: skip
            allowance.of(one)
        return allowance.of(of("update", "b0", np.zeros(1)))

    assert moved(1e-3) == pytest.approx(R)
    assert 2 * R < moved(1e-17) < 1e-6

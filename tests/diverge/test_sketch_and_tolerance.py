"""A sketch shows what the whole arrays would; a budget depends on the terms of its sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.budgets import TRAJECTORY
from compare.diverge.gap import count_within_budget, first_over, gaps
from compare.diverge.sketch import SUMS, Quantity, Sketch, sketch
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


# ‖sketch‖² has mean ‖Δ‖² and a standard deviation of √(2/64) of it, 0.18; its root, of half that:
# five of them.
SIX_SIGMA = 0.45


def sketch_of(array: np.ndarray) -> Sketch:
    return sketch(Quantity(0, "update", "W0", array))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_distance_is_estimated(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, rows, columns))
    true = float(np.linalg.norm(a - b))
    assert sketch_of(a).distance(sketch_of(b)) == pytest.approx(true, rel=SIX_SIGMA)


@given(st.integers(1, 100_000), st.integers(0, 2**32 - 1), st.floats(1e-9, 1e3))
def test_one_wrong_entry_shows_with_its_full_size(size: int, seed: int, gap: float) -> None:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=size)
    b = a.copy()
    b[rng.integers(size)] += gap
    # what the sums lose by rounding: ε of a sum of size/64 terms of size 1, in each of two
    rounding = 1e-13 * max(1.0, (size / SUMS) ** 0.5)
    assert sketch_of(a).distance(sketch_of(b)) == pytest.approx(gap, rel=1e-6, abs=rounding)


@given(st.integers(1, SUMS), st.integers(0, 2**32 - 1))
def test_a_small_array_is_stored_completely(size: int, seed: int) -> None:
    a = np.random.default_rng(seed).normal(size=size)
    np.testing.assert_array_equal(np.abs(sketch_of(a).sums[:size]), np.abs(a))


def test_swapped_entries_are_seen_though_their_norm_is_not() -> None:
    a = np.arange(784.0).reshape(28, 28)
    assert sketch_of(a).norm == pytest.approx(sketch_of(a.T).norm)
    transposed = sketch_of(np.ascontiguousarray(a.T))
    assert sketch_of(a).distance(transposed) > 0.5 * np.linalg.norm(a - a.T)


def test_equal_arrays_have_distance_0_and_other_shapes_infinity() -> None:
    a = np.ones((3, 4))
    assert sketch_of(a).distance(sketch_of(a.copy())) == 0
    assert sketch_of(a).distance(sketch_of(np.ones((4, 3)))) == np.inf
    assert sketch_of(a).distance(sketch_of(np.full((3, 4), np.nan))) == np.inf


def test_the_digest_depends_on_values_not_on_memory_layout() -> None:
    a = np.arange(12.0).reshape(3, 4)
    assert sketch_of(a).digest == sketch_of(np.asfortranarray(a)).digest
    assert sketch_of(a).digest == sketch_of(a.astype(">f8")).digest
    assert sketch_of(a).digest == sketch_of(a.astype(np.float32)).digest  # each is a float32
    assert sketch_of(a / 3).digest != sketch_of((a / 3).astype(np.float32)).digest
    assert sketch_of(a).digest != sketch_of(a.reshape(4, 3)).digest

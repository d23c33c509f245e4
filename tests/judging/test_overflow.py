"""Sketches and traces of a diverging run are made without a warning, and are correct."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.contract import Array, Dense, Net
from compare.budgets import budget_of
from compare.diverge.gap import Allowance, first_over, gaps
from compare.diverge.rounding_flips import find_flip, find_magnified
from compare.diverge.sketch import SUMS, Sketch
from compare.gaps import gaps as entry_gaps
from course.overflow import LARGEST, norm
from tests.judging.helpers import (
    INF,
    NAN,
    ROUNDED,
    any_array,
    equal,
    of,
    often,
    pairs,
)

F64 = budget_of(2, "float64"), "float64"
LAYER = Net((Dense(2, 2),), "softmax")

# Norms and sketches.


@often
@given(any_array(dims=1, most=100))
@example(np.full(100, LARGEST))
@example(np.full(3, 5e-324))
def test_a_norm_is_finite_where_its_entries_are(array: Array) -> None:
    result = norm(array)
    assert math.isfinite(result) == np.isfinite(array).all()
    if math.isfinite(result):
        largest = float(np.abs(array).max())
        assert largest * (1 - ROUNDED) <= result
        with np.errstate(over="ignore"):
            assert result <= np.sqrt(array.size) * np.float64(largest) * (1 + ROUNDED)
        assert (result == 0) == (largest == 0)


@often
@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=99),
    st.integers(-900, 900),
)
def test_a_norm_and_a_distance_grow_with_the_numbers(values: list[float], power: int) -> None:
    a = np.array(values)
    a[np.abs(a) < 1e-6] = 0  # 2^−900 of these are still no subnormals
    b = a[::-1].copy()
    times = 2.0**power
    assert norm(a * times) == pytest.approx(norm(a) * times, rel=ROUNDED)
    apart = of(a).distance(of(b))
    assert of(a * times).distance(of(b * times)) == pytest.approx(apart * times, rel=ROUNDED)


@often
@given(pairs())
def test_a_distance_is_nothing_for_equal_arrays_only(pair: tuple[Array, Array]) -> None:
    a, b = pair
    apart = of(a).distance(of(b))
    assert apart == of(b).distance(of(a))
    assert (apart == 0) == equal(a, b)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        assert apart in (0, INF)
    elif a.size <= SUMS:  # kept whole
        scale = float(max(np.abs(a).max(), np.abs(b).max())) or 1.0
        true = norm(a / scale / 2 - b / scale / 2)
        if apart == INF:
            assert true > (1 - ROUNDED) * LARGEST / scale / 2
        else:
            assert apart / scale / 2 == pytest.approx(true, rel=1e-9, abs=1e-300)


def test_the_sum_of_large_entries_is_no_infinity() -> None:
    a = np.full(100_000, LARGEST)
    b = a.copy()
    b[123] /= 2
    assert of(a).distance(of(b)) == pytest.approx(LARGEST / 2)
    assert of(a).distance(of(-a)) == INF  # further than any float, and no number less


def test_what_is_not_a_number_has_one_digest_and_so_has_zero() -> None:
    other = np.frombuffer(np.uint64(0xFFF8_0000_0000_0001).tobytes())
    assert np.isnan(other).all()
    assert of(other).distance(of(np.array([NAN]))) == 0
    assert of(np.array([0.0, 1.0])).distance(of(np.array([-0.0, 1.0]))) == 0
    assert of(np.array([INF])).distance(of(np.array([-INF]))) == INF


@given(st.integers(-(2**63), 2**63 - 2))
def test_integers_are_told_apart(value: int) -> None:
    a, b = np.array([value]), np.array([value + 1])
    assert of(a).distance(of(b)) > 0
    assert entry_gaps(a, b)[0] > 0


# The first divergence of two runs.

Run = list[Array]


def trace(weights: Run, losses: list[float]) -> list[Sketch]:
    """A loss and weights for each step, as a walk has them."""
    result = []
    for step, (w, loss) in enumerate(zip(weights, losses, strict=True)):
        result += [of(np.array(loss), "loss", "loss", step), of(w, step=step)]
    return result


def growing(by: float, steps: int, start: Array, dtype: str = "float64") -> Run:
    with np.errstate(over="ignore"):
        return [(start * np.float64(by) ** step).astype(dtype) for step in range(steps)]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@given(by=st.floats(1e3, 1e150), seed=st.integers(0, 99))
def test_runs_that_overflow_together_agree_up_to_there(dtype: str, by: float, seed: int) -> None:
    start = np.random.default_rng(seed).normal(size=(4, 3))
    ours = growing(by, 120, start, dtype)
    theirs = [w.copy() for w in ours]
    for w in theirs:  # what there is after an overflow depends on the order of a sum
        w[~np.isfinite(w)] = NAN
    losses = [float(np.abs(w).max()) for w in ours]
    one, other = trace(ours, losses), trace(theirs, losses)
    result = list(gaps("run", one, other, budget_of(2, dtype), dtype))
    assert all(gap.holds for gap in result)
    last = next(i for i, gap in enumerate(result) if not gap.compared)
    assert not one[last].finite
    assert all(gap.compared == (i < last) for i, gap in enumerate(result))
    # A step before is judged as any other: the smallest array that is off by ten budgets.
    step = (last - 1) // 2
    theirs[step] = (theirs[step] * (1 + 1e-4)).astype(dtype)
    wrong = first_over(gaps("run", one, trace(theirs, losses), budget_of(2, dtype), dtype))
    assert wrong is not None
    assert (wrong.step, wrong.stage) == (step, "update")


@pytest.mark.parametrize("bad", [INF, -INF, NAN])
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("lesson", [1, 2])
def test_one_that_is_finite_where_the_other_is_not_differs_there(
    bad: float, side: int, lesson: int
) -> None:
    weights = [np.array([1.0, 2.0]) for _ in range(5)]
    spoilt = [w.copy() for w in weights]
    for w in spoilt[3:]:
        w[1] = bad
    sides = [trace(weights, [1.0] * 5), trace(spoilt, [1.0] * 5)]
    result = first_over(
        gaps("run", sides[side], sides[1 - side], budget_of(lesson, "float64"), "float64")
    )
    assert result is not None
    assert (result.step, result.gap) == (3, INF)
    assert math.isfinite(result.budget)


def test_the_first_epoch_once_more_is_judged_after_an_overflow() -> None:
    steps = trace([np.ones(2), np.full(2, INF)], [1.0, 1.0])
    sound, wrong = of(np.ones(2), "epoch", "W0", 2), of(np.full(2, 1.1), "epoch", "W0", 2)
    assert first_over(gaps("run", [*steps, sound], [*steps, sound], *F64)) is None
    result = first_over(gaps("run", [*steps, sound], [*steps, wrong], *F64))
    assert result is not None
    assert result.stage == "epoch"


def test_nan_data_must_be_equal() -> None:
    one, other = (of(np.array(a), "data", "x", -1) for a in ([NAN, 1.0], [1.0, NAN]))
    assert first_over(gaps("run", [one], [other], *F64)) is not None
    assert first_over(gaps("run", [one], [one], *F64)) is None


@often
@given(st.lists(any_array(), min_size=1, max_size=4), st.sampled_from(["float64", "float32"]))
def test_every_budget_of_a_trace_is_finite(weights: Run, dtype: str) -> None:
    allowance = Allowance(budget_of(2, dtype), dtype)
    for made in trace(weights, [float(w.ravel()[0]) for w in weights]):
        assert 0 <= allowance.of(made) < INF


@often
@given(pairs("float32"), any_array("float32"))
def test_no_flip_is_seen_in_what_has_overflowed(pair: tuple[Array, Array], scores: Array) -> None:
    a, b = pair
    flip = find_flip({"0": a, "1": scores}, [b, scores])
    moved = find_magnified(
        {"param_0": a, "first_moment_0": b}, {"param_0": b, "first_moment_0": a}, LAYER
    )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        assert not moved
        assert not flip

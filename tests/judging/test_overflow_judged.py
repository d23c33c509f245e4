"""Gaps, budgets and pictures of a diverging run cause no warning."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from adapters.contract import SGD, Adam, Array, Dense, Net
from adapters.laws.error_bounds import bounds
from adapters.laws.optimizer_bounds import updated
from compare.budgets import EXACT, TRAJECTORY, Budget, steps_before_divergence
from compare.comparison import Comparison, Finding, Noise, Outcome
from compare.equivalence import equivalence
from compare.findings import findings
from compare.gaps import gaps as entry_gaps
from compare.gaps import over, worst
from compare.noise import noise, same_bits
from compare.page.charts import envelope, peaks
from compare.page.formatting import short
from compare.page.weights import chosen, levels
from course.overflow import drawable
from course.relay.__main__ import gap as gap_of_states
from course.relay.__main__ import gap_of_losses
from tests.judging.helpers import (
    INF,
    NAN,
    any_array,
    equal,
    numbers,
    often,
    pairs,
)

# Gaps, budgets and findings.


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_gaps_of_any_numbers(dtype: str) -> None:
    @often
    @given(pairs(dtype), any_array())
    def check(pair: tuple[Array, Array], budget: Array) -> None:
        a, b = pair
        gap = entry_gaps(a, b)
        assert ((gap == 0) == (a == b)).all()
        assert (gap >= 0).all()
        np.testing.assert_array_equal(gap, entry_gaps(b, a))
        allowed = np.resize(np.abs(budget), a.shape)
        result = worst("forward", "run", "scores", a, b, allowed)
        assert result.holds == (not over(gap, allowed).any())
        assert not math.isnan(result.share)
        assert str(result)
        assert short(result.gap)

    check()


@often
@given(numbers("float64"), numbers("float64"))
def test_a_gap_holds_only_within_a_budget_that_is_a_number(gap: float, budget: float) -> None:
    holds = Finding("loss", "run", "loss", abs(gap), budget).holds
    assert holds == (gap == 0 or (math.isfinite(gap) and abs(gap) <= budget < INF))


@pytest.mark.parametrize(("lesson", "dtype"), list(TRAJECTORY))
@given(losses=any_array(dims=1), weights=any_array())
def test_budgets_of_any_numbers(lesson: int, dtype: str, losses: Array, weights: Array) -> None:
    budget = TRAJECTORY[lesson, dtype]
    for a in (losses, losses.astype(np.float64)):
        allowed = budget.for_losses(a)
        assert (allowed[np.isfinite(allowed)] >= 0).all()
        assert not over(np.zeros(len(a)), allowed).any()
    assert not budget.for_weights(weights) < 0
    assert 0 <= steps_before_divergence(losses) <= len(losses)
    assert steps_before_divergence(losses, losses) <= steps_before_divergence(losses)


def record(losses: Array, params: Array, diverges: bool, lesson: int = 2) -> tuple[Any, Any]:
    card = {
        "lesson": lesson, "dtype": "float64", "accuracy": None,
        "hashes": {"data": "", "initial_weights": "", "batch_order": ""},
        "runs": {"run": {"status": "diverged" if diverges else "complete", "hashes": {}}},
    }  # fmt: skip
    return {"run/losses": losses, "run/param_0": params}, card


@often
@given(pairs(), pairs(), st.booleans())
def test_records_of_any_numbers(
    losses: tuple[Array, Array], params: tuple[Array, Array], diverges: bool
) -> None:
    one, other = (record(a.ravel(), p, diverges) for a, p in zip(losses, params, strict=True))
    result = findings(one, other)
    outcome = Outcome("torch", "complete", findings=result)
    text = json.dumps(
        Comparison(2, "float64", 0, "numpy", [outcome], [noise("it", one, other)]).plain(),
        allow_nan=False,
    )
    assert text
    assert noise("it", one, other).losses >= 0
    same_bits(one, other)
    if not diverges:
        unequal = any((a != b).any() for a, b in (losses, params))
        nothing = all(equal(a, b) for a, b in (losses, params)) and not unequal
        assert not nothing or all(f.holds for f in result)


def test_a_run_that_diverges_is_judged_while_it_is_a_run() -> None:
    ours = np.array([1.0, 10.0, INF, NAN])
    for theirs, agrees in (
        ([1.0, 10.0, INF, NAN], True),
        ([1.0, 10.0, NAN, 3.0], True),
        ([1.0, 11.0, INF, NAN], False),
        ([1.0, 10.0, 1e5, NAN], False),
    ):
        pair = [record(np.array(a), np.ones(2), True) for a in (ours, theirs)]
        assert all(f.holds for f in findings(*pair)) == agrees, theirs
    # A complete run must not have infinities.
    result = findings(record(np.array([1.0, NAN]), np.ones(2), False),
                     record(np.array([1.0, NAN]), np.ones(2), False))  # fmt: skip
    assert not all(f.holds for f in result)


def test_an_infinite_loss_of_the_reference_excuses_nothing() -> None:
    for lesson in (1, 2):
        ours = record(np.array([1.0, INF, 1.0]), np.ones(2), False, lesson)
        theirs = record(np.array([1.0, 5.0, 1.0]), np.ones(2), False, lesson)
        over_budget = [f for f in findings(ours, theirs) if not f.holds]
        assert {f.step for f in over_budget} == {1}


def test_gaps_that_are_not_finite_survive_being_written(tmp_path: Any) -> None:
    result = Finding("loss", "run", "loss", INF, NAN)
    noises = [Noise("it", INF, NAN, NAN)]
    Comparison(2, "float64", 0, "numpy", [Outcome("torch", "complete", findings=[result])],
               noises).write(tmp_path / "it.json")  # fmt: skip
    back = Comparison.read(tmp_path / "it.json")
    assert back.outcomes[0].findings[0].gap == INF
    assert math.isnan(back.outcomes[0].findings[0].budget)
    assert math.isnan(back.noise[0].accuracy or 0.0)


@often
@given(st.lists(numbers("float64"), min_size=2, max_size=12), st.data())
def test_equivalence_of_any_numbers(ours: list[float], data: st.DataObject) -> None:
    theirs = data.draw(st.lists(numbers("float64"), min_size=len(ours), max_size=len(ours)))
    verdict = equivalence(np.array(ours), np.array(theirs))
    if not np.isfinite([*ours, *theirs]).all():
        assert not verdict.equivalent
        assert not verdict.different


# A step, and how far rounding carries it.

NETS = [
    Net((Dense(3, 2),), "perceptron"),
    Net((Dense(3, 2),), "squared"),
    Net((Dense(3, 2),), "logistic"),
    Net((Dense(3, 4, "relu"), Dense(4, 2, "sigmoid"), Dense(2, 3, "tanh")), "softmax", l2=0.1),
]


@often
@given(st.sampled_from(NETS), st.data())
def test_rounding_bounds_of_any_numbers(net: Net, data: st.DataObject) -> None:
    drawn = [data.draw(arrays("float64", shape, elements=numbers("float64")))
             for shape in net.shapes]  # fmt: skip
    x = data.draw(arrays("float64", (4, 3), elements=numbers("float64")))
    y = np.arange(4) % 3 if net.loss == "softmax" else np.ones((4, net.n_out))
    result = bounds(net, drawn, x, y, 2**-52)
    assert result.margins.shape == (4,)
    assert not np.isnan(result.margins).any()


@often
@given(st.sampled_from([SGD(0.1), SGD(0.1, 0.9), SGD(0.1, 0.9, True), Adam(0.1, 0.0, 0.0, 1e-8),
                        Adam(0.1, 0.9, 0.999, 1e-8)]), st.data())  # fmt: skip
def test_an_update_of_any_numbers(optimizer: Any, data: st.DataObject) -> None:
    def draw() -> Array:
        return data.draw(arrays("float64", (3,), elements=numbers("float64")))

    slots = {f"{slot}_0": draw() for slot in optimizer.slots}
    state = {"param_0": draw(), **slots, "step": np.array(3)}
    gradient = draw()
    for value, _ in updated(optimizer, state, [gradient], [np.abs(gradient)], 2**-52).values():
        assert value.shape == (3,)


@often
@given(pairs())
def test_the_gaps_of_a_relay(pair: tuple[Array, Array]) -> None:
    a, b = (array.ravel() for array in pair)
    apart = gap_of_states({"param_0": a}, {"param_0": b})
    of_losses = gap_of_losses(a, b)
    assert not math.isnan(apart)
    assert not math.isnan(of_losses)
    if (np.isfinite(a) != np.isfinite(b)).any():
        assert apart == of_losses == INF


# What is drawn.


@often
@given(any_array(dims=1, most=300), any_array(dims=1, most=300))
def test_charts_of_any_numbers(losses: Array, allowed: Array) -> None:
    at, mean, low, high = envelope(losses, stretches=20)
    assert len(at) == len(mean) == len(low) == len(high)
    gap = np.abs(np.nan_to_num(losses))
    steps = peaks(gap, np.resize(np.abs(allowed), gap.shape), stretches=20)
    assert set(steps.tolist()) <= set(range(len(gap)))
    curve = drawable(losses)
    assert (np.isfinite(curve) == np.isfinite(losses)).all()


@often
@given(arrays("float64", (25, 12), elements=numbers("float64")), numbers("float64"))
def test_pictures_of_any_weights(kernel: Array, limit: float) -> None:
    assume(limit > 0)
    assert len(chosen(kernel)) == 10
    assert levels(kernel, limit).dtype == np.uint8


def test_an_exact_budget_allows_no_infinity() -> None:
    assert EXACT.for_weights(np.array([INF])) != INF
    assert over(np.array([INF]), EXACT.for_losses(np.array([INF]))).all()
    assert Budget(0.0, 0.5, False, 0.5, 0.0).for_losses(np.array([2.0])) == 1

"""Budgets have the published values; gaps, and the entry that uses the most of its budget."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from adapters.contract import Array
from compare import budgets
from compare.budgets import EPS32, EPS64, EXACT, TRAJECTORY, Budget, steps_before_divergence
from compare.comparison import Finding, Noise
from compare.equivalence import equivalence
from compare.gaps import gaps, over, worst
from compare.noise import largest, noise, same_bits

INF, NAN = np.inf, np.nan


def test_gaps_of_every_kind_of_number() -> None:
    a = np.array([1.0, -1.0, INF, INF, -INF, NAN, NAN, 1.0])
    b = np.array([1.5, 1.0, INF, -INF, 0.0, NAN, 0.0, NAN])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert gaps(a, b).tolist() == [0.5, 2.0, 0.0, INF, INF, INF, INF, INF]
        assert gaps(np.array([1e308]), np.array([-1e308])).tolist() == [INF]
    assert gaps(np.array([3], np.uint8), np.array([5], np.uint8)).tolist() == [2.0]


def judged(a: Any, b: Any, allowed: Any, steps: bool = False) -> Finding:
    return worst("forward", "run", "scores", *map(np.asarray, (a, b, allowed)), steps)


def test_the_entry_with_the_largest_share_is_named() -> None:
    a, b = np.zeros((2, 2)), np.array([[4.0, 1.0], [0.0, 2.0]])
    finding = judged(a, b, [[8.0, 1.0], [0.0, 4.0]])
    assert finding == Finding("forward", "run", "scores", 1.0, 1.0, "[0, 1]", None)
    assert judged(a[1], b[1], [0.0, 4.0]).where == "[1]"


def test_a_gap_without_a_budget_is_the_worst_and_no_gap_is_none() -> None:
    assert judged([0.0, 0.0], [9.0, 1.0], [1.0, 0.0]).where == "[1]"
    assert judged([0.0, NAN], [9.0, 1.0], [1.0, 1.0]).where == "[1]"
    none = judged([1.0, 2.0], [1.0, 2.0], [0.0, NAN])
    assert (none.gap, none.where, none.holds) == (0.0, "[0]", True)


def test_steps_are_counted_and_a_single_number_has_no_place() -> None:
    finding = judged([0.0, 0.0, 0.0], [0.0, 1.0, 0.5], [1.0, 1.0, 1.0], steps=True)
    assert (finding.step, finding.where) == (1, "")
    single = judged(1.0, 2.0, 1.0)
    assert (single.where, single.step, single.gap) == ("", None, 1.0)


def test_another_shape_is_over_and_nothing_is_not() -> None:
    # The last would be as many numbers for NumPy, which repeats the one.
    for other, shape in (([[1.0]], "(1, 1)"), ([1.0, 1.0, 1.0], "(3,)")):
        finding = judged([1.0], other, [9.0])
        assert (finding.gap, finding.budget, finding.where) == (INF, 0.0, f" (1,) and {shape}")
    assert judged(np.zeros(0), np.zeros(0), np.zeros(0)) == Finding(
        "forward", "run", "scores", 0.0, 0.0
    )


Record = tuple[dict[str, Array], dict[str, Any]]


def record(accuracy: float | None = None, diverges: bool = False, **arrays: Any) -> Record:
    named = {key.replace("__", "/"): np.asarray(value) for key, value in arrays.items()}
    runs = {"a": {"status": "diverged" if diverges else "complete"}, "b": {"status": "complete"}}
    return named, {"accuracy": accuracy, "runs": runs}


def test_noise_is_the_largest_gap_of_any_loss_and_weight() -> None:
    one = record(0.5, a__losses=[1.0, 2.0, 9.0], b__losses=[1.0], a__param_0=[1.0, 2.0],
                 a__predictions=[1], looks__a__0__losses=[5.0], b__param_0=[1.0, 1.0],
                 b__param_1=[0.0])  # fmt: skip
    other = record(0.75, a__losses=[1.0, 2.5], b__losses=[1.25], a__param_0=[1.0, 2.125],
                   a__predictions=[7], looks__a__0__losses=[50.0], b__param_0=[9.0])  # fmt: skip
    assert noise("seeds", one, other) == Noise("seeds", 0.5, 0.125, 0.25)
    assert noise("seeds", other, one) == Noise("seeds", 0.5, 0.125, 0.25)
    assert noise("none", one, one) == Noise("none", 0.0, 0.0, 0.0)


def test_what_only_one_holds_stops_nothing() -> None:
    one = record(looks__a__0__x=[1.0], a__only=[1.0], a__losses=[1.0])
    other = record(a__losses=[1.5])
    assert noise("it", one, other).losses == 0.5


def test_a_run_that_diverges_is_compared_up_to_there_without_weights() -> None:
    one = record(diverges=True, a__losses=[1.0, 2.0, 1e9], a__param_0=[1.0])
    other = record(diverges=True, a__losses=[1.0, 2.5, 5e9], a__param_0=[7.0])
    assert noise("it", one, other) == Noise("it", 0.5, 0.0, None)


@pytest.mark.parametrize(("ours", "theirs"), [(None, 0.5), (0.5, None), (None, None)])
def test_an_accuracy_takes_two(ours: float | None, theirs: float | None) -> None:
    assert noise("it", record(ours), record(theirs)).accuracy is None


def test_the_largest_of_several() -> None:
    assert largest([]) is None
    several = [Noise("x", 1.0, 5.0, 0.25), Noise("y", 2.0, 4.0, None), Noise("z", 0.0, 0.0, 0.125)]
    assert largest(several) == Noise("the largest between backends", 2.0, 5.0, 0.25)
    assert largest(several[1:2]) == Noise("the largest between backends", 2.0, 4.0, None)


def test_the_same_bits() -> None:
    one = record(a__losses=[1.0, 2.0], b__losses=[0.0], looks__a=[1.0])
    assert same_bits(one, one) == ("", 0.0)
    probed = record(a__losses=[1.0, 2.0], b__losses=[0.0], looks__a=[2.0])
    assert same_bits(one, probed) == ("", 0.0)
    far = record(a__losses=[1.0, 2.5], b__losses=[4.0], looks__a=[1.0])
    assert same_bits(one, far) == ("b/losses", 4.0)
    sign = record(a__losses=[1.0, 2.0], b__losses=[-0.0], looks__a=[1.0])
    assert same_bits(one, sign) == ("b/losses", 5e-324)  # other bits, and no gap
    fewer = record(b__losses=[0.0])
    near = record(a__losses=[1.0, 9.0], b__losses=[1.0], z__losses=[0.0], looks__a=[1.0])
    last = record(a__losses=[1.0, 2.0], b__losses=[0.0], z__losses=[0.5], looks__a=[3.0])
    assert same_bits(near, last) == ("a/losses", 7.0)  # by the gap, not by the name
    other = near[0] | {"looks/a": np.array([3.0]), "z/losses": np.array([0.5])}
    assert same_bits(near, (other, near[1])) == ("z/losses", 0.5)  # whatever stands between
    assert same_bits(one, fewer) == same_bits(fewer, one) == ("a/losses", INF)
    shape = record(a__losses=[1.0], b__losses=[0.0])
    assert same_bits(one, shape) == ("a/losses", INF)


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
    (7, "float64"): (0, 45000, 45000),
    (7, "float32"): (25, 84, 84),
    (8, "float64"): (0, 45000, 45000),
    (8, "float32"): (25, 84, 84),
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


def test_two_runs_are_judged_until_both_have_diverged() -> None:
    sound, lost = np.ones(4), np.array([1.0, 1.0, 2e6, np.inf])
    assert steps_before_divergence(lost, lost) == 2
    assert steps_before_divergence(sound, lost) == 4  # one that diverges alone is over its budget
    assert steps_before_divergence(lost, sound) == 4
    assert steps_before_divergence(lost, np.array([1.0, 1.0, 1.0, np.nan])) == 3
    at_the_limit = np.array([1.0, 1e6, 1.1e6])
    assert steps_before_divergence(at_the_limit, at_the_limit) == 2
    assert steps_before_divergence(at_the_limit) == 2
    assert steps_before_divergence(lost, np.ones(1)) == 2  # beyond the other's end by itself


def test_judging_what_overflows_warns_of_nothing() -> None:
    """Warnings are errors in all tests."""
    assert np.isnan(EXACT.for_losses(np.array([INF]))).all()
    assert steps_before_divergence(np.array([1e305, INF])) == 2  # its limit is infinite
    assert over(np.array([NAN, 1.0]), np.array([NAN, INF])).tolist() == [True, True]
    assert not equivalence(np.array([INF, 0.5]), np.array([INF, 0.5])).equivalent


def of(gap: float, budget: float) -> Finding:
    return Finding("forward", "run", "scores", gap, budget)


def test_a_gap_as_large_as_its_budget_is_within_it() -> None:
    for gap, allowed, is_over in [
        (0.0, 0.0, False), (0.0, NAN, False), (1.0, 1.0, False), (1.0, 0.5, True),
        (1.0, 2.0, False), (1.0, INF, True), (INF, INF, True), (NAN, 1.0, True), (1.0, NAN, True),
    ]:  # fmt: skip
        assert over(np.array([gap]), np.array([allowed])).tolist() == [is_over]
        assert of(gap, allowed).holds is not is_over


def test_whole_numbers_that_are_one_in_float64_differ() -> None:
    large = 2**53
    (gap,) = gaps(np.array([large]), np.array([large + 1]))
    assert gap > 0
    assert not judged([large], [large + 1], [0.0]).holds


def test_a_budget_that_is_not_finite_is_used_up() -> None:
    assert [of(1.0, budget).share for budget in (INF, NAN, 0.0)] == [INF, INF, INF]
    assert [of(0.0, budget).share for budget in (INF, NAN, 0.0)] == [0.0, 0.0, 0.0]
    assert of(INF, INF).share == INF
    assert of(1.0, 4.0).share == 0.25

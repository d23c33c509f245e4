"""Gaps, and the choice of the entry that uses the most of its budget."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from adapters.contract import Array
from compare.comparison import Finding, Noise
from compare.gaps import gaps, worst
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

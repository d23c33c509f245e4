"""Whatever measures a run that may diverge does so without a warning, and says what is there.

Entries are drawn over all floats: zeros of both signs, the smallest and the largest, infinities and
what is not a number. pytest turns every warning into an error.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from adapters.contract import SGD, Adam, Array, Dense, Net
from compare.budgets import EXACT, TRAJECTORY, Budget, steps_before_divergence
from compare.comparison import Comparison, Finding, Noise, Outcome
from compare.diverge.budget import Allowance
from compare.diverge.first import first_over, gaps
from compare.diverge.flips import flipped, magnified
from compare.diverge.quantity import SUMS, Quantity, Sketch, sketch
from compare.equivalence import equivalence
from compare.gaps import gaps as entry_gaps
from compare.gaps import over, worst
from compare.noise import noise, same_bits
from compare.page.charts import envelope, peaks
from compare.page.weights import chosen, levels
from compare.page.words import short
from compare.records import findings
from compare.update import updated
from course.overflow import LARGEST, drawable, norm
from course.relay.__main__ import gap as gap_of_states
from course.relay.__main__ import gap_of_losses
from course.rounding import bounds

INF, NAN = math.inf, math.nan
ROUNDED = 1e-12  # of a norm: some ε of at most 100 squares, and of a root
often = settings(max_examples=60)

WIDTHS = {"float64": 64, "float32": 32}
EDGES = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN]


def numbers(dtype: str) -> st.SearchStrategy[float]:
    """Every float of a dtype, its ends more often than by chance."""
    info = np.finfo(dtype)
    ends = [float(x) for x in (info.max, info.min, info.tiny, info.smallest_subnormal)]
    return st.sampled_from([*EDGES, *ends]) | st.floats(width=WIDTHS[dtype])


def any_array(dtype: str = "float64", most: int = 6, dims: int = 2) -> st.SearchStrategy[Array]:
    """Arrays of any such numbers."""
    return arrays(dtype, array_shapes(max_dims=dims, max_side=most), elements=numbers(dtype))


def pairs(dtype: str = "float64") -> st.SearchStrategy[tuple[Array, Array]]:
    """Two arrays of one shape, which often share entries."""
    shapes = array_shapes(max_dims=2, max_side=5)

    def two(shape: tuple[int, ...]) -> st.SearchStrategy[tuple[Array, Array]]:
        one = arrays(dtype, shape, elements=numbers(dtype))
        swapped = arrays(bool, shape)
        return st.tuples(one, one, swapped).map(lambda t: (t[0], np.where(t[2], t[0], t[1])))

    return shapes.flatmap(two)


def of(array: Array, stage: str = "update", tensor: str = "W0", step: int = 0) -> Sketch:
    return sketch(Quantity(step, stage, tensor, array))


def equal(a: Array, b: Array) -> bool:
    """Entry by entry, what is not a number being equal to itself."""
    return bool(np.array_equal(a, b, equal_nan=True))


# Norms and sketches.


@often
@given(any_array(dims=1, most=100))
@example(np.full(100, LARGEST))
@example(np.full(3, 5e-324))
def test_a_norm_is_finite_where_its_entries_are(array: Array) -> None:
    found = norm(array)
    assert math.isfinite(found) == np.isfinite(array).all()
    if math.isfinite(found):
        largest = float(np.abs(array).max())
        assert largest * (1 - ROUNDED) <= found
        with np.errstate(over="ignore"):
            assert found <= np.sqrt(array.size) * np.float64(largest) * (1 + ROUNDED)
        assert (found == 0) == (largest == 0)


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
    found = []
    for step, (w, loss) in enumerate(zip(weights, losses, strict=True)):
        found += [of(np.array(loss), "loss", "loss", step), of(w, step=step)]
    return found


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
    found = list(gaps("run", one, other, 2, dtype))
    assert all(gap.holds for gap in found)
    last = next(i for i, gap in enumerate(found) if not gap.compared)
    assert not one[last].finite
    assert all(gap.compared == (i < last) for i, gap in enumerate(found))
    # A step before is judged as any other: the smallest array that is off by ten budgets.
    step = (last - 1) // 2
    theirs[step] = (theirs[step] * (1 + 1e-4)).astype(dtype)
    wrong = first_over(gaps("run", one, trace(theirs, losses), 2, dtype))
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
    found = first_over(gaps("run", sides[side], sides[1 - side], lesson, "float64"))
    assert found is not None
    assert (found.step, found.gap) == (3, INF)
    assert math.isfinite(found.budget)


def test_the_first_epoch_once_more_is_judged_after_an_overflow() -> None:
    steps = trace([np.ones(2), np.full(2, INF)], [1.0, 1.0])
    sound, wrong = of(np.ones(2), "epoch", "W0", 2), of(np.full(2, 1.1), "epoch", "W0", 2)
    assert first_over(gaps("run", [*steps, sound], [*steps, sound], 2, "float64")) is None
    found = first_over(gaps("run", [*steps, sound], [*steps, wrong], 2, "float64"))
    assert found is not None
    assert found.stage == "epoch"


def test_data_that_are_no_numbers_must_be_the_same() -> None:
    one, other = (of(np.array(a), "data", "x", -1) for a in ([NAN, 1.0], [1.0, NAN]))
    assert first_over(gaps("run", [one], [other], 2, "float64")) is not None
    assert first_over(gaps("run", [one], [one], 2, "float64")) is None


@often
@given(st.lists(any_array(), min_size=1, max_size=4), st.sampled_from(["float64", "float32"]))
def test_every_budget_of_a_trace_is_finite(weights: Run, dtype: str) -> None:
    allowance = Allowance(2, dtype)
    for made in trace(weights, [float(w.ravel()[0]) for w in weights]):
        assert 0 <= allowance.of(made) < INF


@often
@given(pairs("float32"), any_array("float32"))
def test_no_flip_is_seen_in_what_has_overflowed(pair: tuple[Array, Array], scores: Array) -> None:
    a, b = pair
    said = flipped({"0": a, "1": scores}, [b, scores])
    moved = magnified({"param_0": a, "first_moment_0": b}, {"param_0": b, "first_moment_0": a})
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        assert not moved
        assert not said


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
        found = worst("forward", "run", "scores", a, b, allowed)
        assert found.holds == (not over(gap, allowed).any())
        assert not math.isnan(found.share)
        assert str(found)
        assert short(found.gap)

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
    found = findings(one, other)
    outcome = Outcome("torch", "complete", findings=found)
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
        assert not nothing or all(f.holds for f in found)


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
    # A run that is said to be complete has no business with infinities.
    found = findings(record(np.array([1.0, NAN]), np.ones(2), False),
                     record(np.array([1.0, NAN]), np.ones(2), False))  # fmt: skip
    assert not all(f.holds for f in found)


def test_an_infinite_loss_of_the_reference_excuses_nothing() -> None:
    for lesson in (1, 2):
        ours = record(np.array([1.0, INF, 1.0]), np.ones(2), False, lesson)
        theirs = record(np.array([1.0, 5.0, 1.0]), np.ones(2), False, lesson)
        over_budget = [f for f in findings(ours, theirs) if not f.holds]
        assert {f.step for f in over_budget} == {1}


def test_gaps_that_are_not_finite_survive_being_written(tmp_path: Any) -> None:
    found = Finding("loss", "run", "loss", INF, NAN)
    noises = [Noise("it", INF, NAN, NAN)]
    Comparison(2, "float64", 0, "numpy", [Outcome("torch", "complete", findings=[found])],
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
def test_what_rounding_may_do_to_any_numbers(net: Net, data: st.DataObject) -> None:
    drawn = [data.draw(arrays("float64", shape, elements=numbers("float64")))
             for shape in net.shapes]  # fmt: skip
    x = data.draw(arrays("float64", (4, 3), elements=numbers("float64")))
    y = np.arange(4) % 3 if net.loss == "softmax" else np.ones((4, net.n_out))
    found = bounds(net, drawn, x, y, 2**-52)
    assert found.margins.shape == (4,)
    assert not np.isnan(found.margins).any()


@often
@given(st.sampled_from([SGD(0.1), SGD(0.1, 0.9), SGD(0.1, 0.9, True), Adam(0.1, 0.0, 0.0, 1e-8),
                        Adam(0.1, 0.9, 0.999, 1e-8)]), st.data())  # fmt: skip
def test_what_an_update_makes_of_any_numbers(optimizer: Any, data: st.DataObject) -> None:
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
def test_what_charts_keep_of_any_numbers(losses: Array, allowed: Array) -> None:
    at, mean, low, high = envelope(losses, stretches=20)
    assert len(at) == len(mean) == len(low) == len(high)
    gap = np.abs(np.nan_to_num(losses))
    kept = peaks(gap, np.resize(np.abs(allowed), gap.shape), stretches=20)
    assert set(kept.tolist()) <= set(range(len(gap)))
    shown = drawable(losses)
    assert (np.isfinite(shown) == np.isfinite(losses)).all()


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

"""What rounding may do in a layer, number by number, as one would derive it on paper."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from adapters.contract import Array, Dense, Layer, Net, Params
from adapters.laws.error_bounds import bounds, loss_terms, margins, sides
from adapters.laws.layer_bounds import RULES
from adapters.laws.rounding import Rounded, Rounding
from adapters.layers import (
    Attention,
    Conv2D,
    Flatten,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Residual,
)

EPS = 2.0**-20


def test_independent_errors_add_up_as_squares() -> None:
    likely, worst = Rounding(EPS, is_likely=True), Rounding(EPS)
    three, four = np.array([[3.0, 4.0]]), np.array([[1.0], [-1.0]])
    assert (likely.add(three[0, 0], three[0, 1]), worst.add(3.0, 4.0)) == (5, 7)
    assert (likely.times(three, four), worst.times(three, four)) == (5, 7)
    assert (likely.total(three, 1), worst.total(three, 1)) == (5, 7)
    assert (likely.mean(three), worst.mean(three)) == (2.5, 3.5)
    of = [r.of_terms(lambda e, w: e @ w, three, four) for r in (likely, worst)]
    assert of == [5, 7]
    assert likely.summed(100) == worst.summed(100) == 40 * EPS


def test_a_convolution_by_hand() -> None:
    rng = np.random.default_rng(0)
    layer = Conv2D(2, 1, 2, activation="tanh")
    w, b, x, e = (rng.normal(size=s) for s in ((2, 2, 2, 1), 1, (1, 2, 3, 2), (1, 2, 3, 2)))
    got = RULES[Conv2D][0](layer, [w, b], Rounded(x, abs(e)), Rounding(EPS, is_likely=True))
    for column in range(2):
        z, size, carried = b[0], abs(b[0]), 0.0
        for i in range(2):
            for j in range(2):
                for c in range(2):
                    z += x[0, i, column + j, c] * w[i, j, c, 0]
                    size += abs(x[0, i, column + j, c] * w[i, j, c, 0])
                    carried += (e[0, i, column + j, c] * w[i, j, c, 0]) ** 2
        err = math.hypot(math.sqrt(carried), 9 * EPS * size, 8 * EPS * math.tanh(z))
        assert math.isclose(got.gave.value[0, 0, column, 0], math.tanh(z), rel_tol=1e-12)
        assert math.isclose(got.gave.error[0, 0, column, 0], err, rel_tol=1e-12)


def test_a_layer_norm_by_hand() -> None:
    """mean 4, variance 5, and with ε = 4 a root of 3."""
    x, e = np.array([[1.0, 3.0, 5.0, 7.0]]), np.array([[0.3, 0.0, 0.0, 0.4]])
    layer, own = LayerNorm(4, 4.0), [np.full(4, 3.0), np.zeros(4)]
    got = RULES[LayerNorm][0](layer, own, Rounded(x, e), Rounding(0.0, is_likely=True)).gave
    np.testing.assert_allclose(got.value, [[-3.0, -1.0, 1.0, 3.0]])
    # 3/3 · the root of e² + mean(e)² + (u · mean(u·e))², where |u| is 1 for both that err
    u, mean = np.array([1, 1 / 3, 1 / 3, 1]), 0.5 / 4
    want = [math.sqrt(err**2 + mean**2 + (v * mean) ** 2) for err, v in zip(e[0], u, strict=True)]
    np.testing.assert_allclose(got.error, [want])
    # What its own roundings add: of x − mean, the mean, the root, and the last product and sum.
    own_err = RULES[LayerNorm][0](layer, own, Rounded(x, 0 * e), Rounding(EPS, is_likely=True))
    of_root = 3 * 6 * EPS * 21 / 6 + 8 * EPS * 3  # mean(x²) is 21
    first = math.hypot(5 * EPS * 4, 1 * of_root) / 3, EPS * 5 / 3
    want_first = math.hypot(3 * first[0], 3 * first[1], 4 * EPS * 5)
    assert math.isclose(own_err.gave.error[0, 0], want_first, rel_tol=1e-12)


def test_an_attention_by_hand() -> None:
    """One head of width 1 over two places: a share is a sigmoid of the scores' difference."""
    layer, own = Attention(1), [np.array([[v]]) for v in (2.0, 0.5, -1.5, 3.0)]
    x, e = np.array([[[1.0], [-2.0]]]), np.array([[[0.0], [1e-3]]])
    got = RULES[Attention][0](layer, own, Rounded(x, e), Rounding(0.0, is_likely=True))
    q, k, v = (np.array([1.0, -2.0]) * w for w in (2.0, 0.5, -1.5))
    for place in range(2):
        scores = q[place] * k
        p = 1 / (1 + math.exp(scores[1] - scores[0]))
        p = np.array([p, 1 - p])
        q_err, k_err, v_err = (np.array([0.0, 1e-3]) * w for w in (2.0, 0.5, 1.5))
        err = np.sqrt((q_err[place] * k) ** 2 + (q[place] * k_err) ** 2)
        share_err = p * np.sqrt(err**2 + ((p * err) ** 2).sum())
        found = math.sqrt(((share_err * v) ** 2).sum() + ((p * v_err) ** 2).sum())
        assert math.isclose(got.gave.value[0, place, 0], 3 * (p @ v), rel_tol=1e-12)
        assert math.isclose(got.gave.error[0, place, 0], 3 * found, rel_tol=1e-12)


def pooled(picture: list[list[float]], err: float) -> Any:
    x = np.array(picture)[None, :, :, None]
    rule = RULES[Pool2D][0]
    return rule(Pool2D(), [], Rounded(x, np.full(x.shape, err)), Rounding(EPS, is_likely=True))


def test_the_margin_of_a_max_pool_is_the_gap_to_the_second() -> None:
    found = pooled([[1.0, 3.0], [2.5, 0.0]], 0.3)
    assert math.isclose(found.margins[0], 0.5 / (0.3 * math.sqrt(2)))
    assert found.gave.value.item() == 3
    assert found.gave.error.item() == 0.3


def test_equal_pixels_are_no_kink_and_nearly_equal_ones_are() -> None:
    """An empty corner of a picture is everywhere the same, and so are the zeros of a relu."""
    assert pooled([[2.0, 2.0], [2.0, 2.0]], 0.3).margins == math.inf
    assert pooled([[0.0, 0.0], [-1.0, 0.0]], 0.3).margins > 2
    assert pooled([[2.0, 2.0 + 1e-9], [0.0, 0.0]], 0.3).margins < 1e-8


def test_sides_name_the_largest_of_a_window_and_the_sign_of_a_relu() -> None:
    net = Net((Dense(1, 1, "relu"), Pool2D(), Flatten(), Dense(1, 1)), "squared", 0.0, (2, 2, 1))
    params = [np.ones((1, 1)), np.zeros(1), np.ones((1, 1)), np.zeros(1)]
    x = np.array([[1.0, 3.0], [-2.0, 0.0]])[None, :, :, None]
    relu, largest = sides(net, params, x)
    assert relu.reshape(-1).tolist() == [True, True, False, False]
    assert largest.item() == 1
    inside = Net((Residual((Dense(1, 1, "relu"),)),), "perceptron")
    assert [side.tolist() for side in sides(inside, params[:2], np.array([[-1.0]]))] == [
        [[False]], [[False]]
    ]  # fmt: skip


def own_rounding(layer: Layer, own: Params, x: Array) -> Array:
    """The error of a layer's output where its input has none."""
    likely = Rounding(EPS, is_likely=True)
    return RULES[type(layer)][0](layer, own, Rounded(x, 0 * x), likely).gave.error


def test_the_own_rounding_of_small_sums() -> None:
    x = np.array([[[1.0, -3.0], [2.0, 4.0]]])
    assert own_rounding(Mean(), [], x).tolist() == [[3 * EPS * 3 / 2, 3 * EPS * 7 / 2]]
    table = np.array([[1.0, 0.0], [0.0, -1.0]])
    assert (own_rounding(Positions(2, 2), [table], x) == EPS * np.abs(x + table)).all()
    pool = own_rounding(Pool2D("mean"), [], x[..., None])
    assert pool.item() == 5 * EPS * 10 / 4
    eye = [np.eye(2), np.zeros(2)]
    inner = 3 * EPS * np.abs(x)  # a sum of two products and a bias, of which one is not zero
    inner = np.hypot(inner, 8 * EPS * np.abs(x))
    got = own_rounding(Residual((Dense(2, 2),)), eye, x)
    np.testing.assert_allclose(got, np.hypot(inner, EPS * np.abs(2 * x)))
    assert not own_rounding(Flatten(), [], x).any()
    assert not own_rounding(Pool2D(), [], x[..., None]).any()


def test_a_pixel_that_several_windows_see_sums_their_gradients() -> None:
    layer, x = Pool2D("max", 2, 1), np.array([[9.0, 0.0, 0.0]] * 2)[None, :, :, None]
    x[0, :, 1] = 10
    likely = Rounding(EPS, is_likely=True)
    done = RULES[Pool2D][0](layer, [], Rounded(x, 0 * x), likely)
    g = Rounded(
        np.array([[1.0, -3.0]])[..., None, None].reshape(1, 1, 2, 1), np.zeros((1, 1, 2, 1))
    )
    _, by_x = RULES[Pool2D][1](layer, done, g, likely)
    assert by_x.value[0, :, :, 0].tolist() == [[0, -2, 0], [0, 0, 0]]
    assert by_x.error[0, :, :, 0].tolist() == [[0, 5 * EPS * 4, 0], [0, 0, 0]]


def test_the_gradient_of_a_mean_is_a_share() -> None:
    x = np.zeros((1, 2, 3, 2))
    layer, worst = Mean(), Rounding(EPS)
    done = RULES[Mean][0](layer, [], Rounded(x, x), worst)
    g = Rounded(np.array([[6.0, -12.0]]), np.array([[0.6, 0.0]]))
    _, by_x = RULES[Mean][1](layer, done, g, worst)
    np.testing.assert_allclose(by_x.value, np.broadcast_to([1.0, -2.0], x.shape))
    np.testing.assert_allclose(by_x.error, np.broadcast_to([0.1 + 2 * EPS, 4 * EPS], x.shape))


def test_a_perceptron_is_at_its_kink_where_a_score_is_zero() -> None:
    """Which counts as a mistake, whatever the label."""
    zero, one = np.zeros((2, 1)), np.ones((2, 1))
    _, slopes, err = loss_terms("perceptron", zero, zero, np.array([[1.0], [-1.0]]), Rounding(EPS))
    assert (slopes.tolist(), err.any()) == ([[-1.0], [1.0]], np.False_)
    _, slopes, _ = loss_terms("perceptron", one, zero, np.array([[1.0], [-1.0]]), Rounding(EPS))
    assert slopes.tolist() == [[0.0], [1.0]]
    net = Net((Dense(1, 2, "tanh"), Dense(2, 1)), "perceptron")
    params = [np.ones((1, 2)), np.zeros(2), np.array([[1.0], [0.5]]), np.zeros(1)]
    x = np.array([[0.0], [0.5], [-0.5], [9.0]])
    (side,) = sides(net, params, x)
    assert side.tolist() == [[False], [True], [False], [True]]


def test_numbers_that_overflow_warn_of_nothing() -> None:
    """The bounds show it. Warnings are errors in all tests."""
    net = Net((Dense(2, 2, "relu"), Dense(2, 2)), "softmax", l2=0.1)
    huge = [np.full(p.shape, 1e300) for p in net.parameters]
    x = np.array([[1e300, -1e300], [0.0, 0.0]])
    found = bounds(net, huge, x, np.array([0, 1]), EPS)
    assert not np.isfinite(found.loss)
    assert margins(net, huge, x, EPS).shape == (2,)
    (side,) = sides(net, huge, x)
    assert side.shape == (2, 2)


def test_what_is_bounded_cannot_be_changed() -> None:
    rounded = Rounded(np.zeros(1), np.zeros(1))
    passed = RULES[Flatten][0](Flatten(), [], Rounded(np.zeros((1, 2)), np.zeros((1, 2))), EPS)
    net = Net((Dense(1, 1),), "squared")
    found = bounds(net, [np.ones((1, 1)), np.ones(1)], np.ones((1, 1)), np.ones((1, 1)), EPS)
    for value in (rounded, Rounding(EPS), passed, found):
        for field in dataclasses.fields(value):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(value, field.name, None)

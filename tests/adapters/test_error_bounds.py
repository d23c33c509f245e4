"""What rounding may do to one backend: as derived, never less than it does, and not much more."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import SGD, Array, Dense, Net, Params
from adapters.laws.error_bounds import (
    CONFIDENCE,
    LIBRARY_CALL,
    Bounds,
    bounds,
    loss_terms,
    margins,
    summed,
)
from adapters.laws.rounding import Rounding
from adapters.numpy_adapter import MODEL

EPS = 2.0**-20
Numbers = list[list[float]]

# activation: value, derivative from the value, largest slope, largest second derivative
ACTIVATIONS: dict[str, tuple[Any, Any, float, float]] = {
    "identity": (lambda z: z, lambda a: 1.0, 1.0, 0.0),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda a: a * (1 - a), 0.25, 1.0),
    "relu": (lambda z: max(z, 0.0), lambda a: float(a > 0), 1.0, 0.0),
    "tanh": (math.tanh, lambda a: 1 - a * a, 1.0, 2.0),
}


def long_sum(n: int) -> float:
    return min(n, 4 * math.sqrt(n)) * EPS


def by_hand(net: Net, params: Params, x: Array, y: Array) -> Bounds:
    """The same analysis once more, number by number, as one would do it on paper."""
    values: list[Numbers] = [x.tolist()]
    errors: list[Numbers] = [[[0.0] * x.shape[1] for _ in x]]
    margins = [math.inf] * len(x)
    for layer, w, b in zip(net.layers, params[::2], params[1::2], strict=True):
        function, _, slope, _ = ACTIVATIONS[layer.activation]
        value, error = [], []
        for r, (row, errs) in enumerate(zip(values[-1], errors[-1], strict=True)):
            outs, their_errs = [], []
            for j in range(layer.n_out):
                z = sum(a * w[i, j] for i, a in enumerate(row)) + b[j]
                terms = sum(abs(a * w[i, j]) for i, a in enumerate(row)) + abs(b[j])
                carried = sum(e * abs(w[i, j]) for i, e in enumerate(errs))
                err = carried + long_sum(layer.n_in + 1) * terms
                if layer.activation == "relu":
                    margins[r] = min(margins[r], abs(z) / err)
                outs.append(function(z))
                their_errs.append(slope * err + 8 * EPS * abs(outs[-1]))
            value.append(outs)
            error.append(their_errs)
        values.append(value)
        errors.append(error)
    if net.loss == "perceptron":
        for r, (row, errs) in enumerate(zip(values[-1], errors[-1], strict=True)):
            nearest = min(abs(z) / e for z, e in zip(row, errs, strict=True))
            margins[r] = min(margins[r], nearest)
    scores, err = np.array(values[-1]), np.array(errors[-1])
    terms, slopes, slope_errors = loss_terms(net.loss, scores, err, y, Rounding(EPS))
    rows, kernels = len(x), params[::2]
    penalty = 0.5 * net.l2 * sum(float(v) ** 2 for w in kernels for v in w.flat)
    loss = sum(abs(s) * e for s, e in zip(slopes.flat, err.flat, strict=True)) / rows
    loss += long_sum(rows + net.n_out + 8) * sum(terms.flat) / rows
    loss += long_sum(sum(w.size for w in kernels) + 3) * penalty

    delta = (slopes / rows).tolist()
    wobble = [[(s + 2 * EPS * abs(v)) / rows for s, v in zip(ss, vs, strict=True)]
              for ss, vs in zip(slope_errors, slopes, strict=True)]  # fmt: skip
    gradients: Params = []
    for i in reversed(range(len(net.layers))):
        layer, w = net.layers[i], kernels[i]
        _, derivative, _, bend = ACTIVATIONS[layer.activation]
        for r in range(rows):
            for j in range(layer.n_out):
                d = derivative(values[i + 1][r][j])
                curved = abs(delta[r][j]) * (bend * errors[i + 1][r][j] + 4 * EPS)
                wobble[r][j] = wobble[r][j] * abs(d) + curved
                delta[r][j] *= d
        kernel, bias = np.zeros_like(w), np.zeros(layer.n_out)
        for j in range(layer.n_out):
            bias[j] = sum(row[j] for row in wobble)
            bias[j] += long_sum(rows) * sum(abs(row[j]) for row in delta)
            for k in range(layer.n_in):
                for r in range(rows):
                    kernel[k, j] += abs(values[i][r][k]) * wobble[r][j]
                    kernel[k, j] += errors[i][r][k] * abs(delta[r][j])
                    kernel[k, j] += long_sum(rows + 1) * abs(values[i][r][k] * delta[r][j])
                kernel[k, j] += 4 * EPS * net.l2 * abs(w[k, j])
        gradients[:0] = [kernel, bias]
        below = range(layer.n_in)
        wobble = [
            [sum(e * abs(w[k, j]) + long_sum(layer.n_out + 1) * abs(delta[r][j] * w[k, j])
                 for j, e in enumerate(row)) for k in below]
            for r, row in enumerate(wobble)
        ]  # fmt: skip
        delta = [[sum(v * w[k, j] for j, v in enumerate(row)) for k in below] for row in delta]
    return Bounds([np.array(e) for e in errors[1:]], loss, gradients, np.array(margins))


NETS = {
    "line": Net((Dense(3, 1),), "squared", l2=0.5),
    "perceptron": Net((Dense(3, 2),), "perceptron"),
    "softmax": Net((Dense(3, 4, "relu"), Dense(4, 3)), "softmax", l2=0.25),
    "logistic": Net((Dense(3, 2, "sigmoid"), Dense(2, 2, "tanh")), "logistic"),
    "deep": Net((Dense(3, 4, "tanh"), Dense(4, 2, "relu"), Dense(2, 3, "sigmoid")), "squared"),
    "wide": Net((Dense(40, 2, "relu"), Dense(2, 2)), "softmax", l2=0.25),  # sums beyond 16 terms
}


def example(net: Net, seed: int, rows: int) -> tuple[Params, Array, Array]:
    """Weights, rows and targets of the size that lessons have, in float64."""
    rng = np.random.default_rng(seed)
    params = [rng.normal(size=shape) for shape in net.shapes]
    x = rng.normal(size=(rows, net.layers[0].n_in))
    targets: dict[str, Array] = {
        "softmax": rng.integers(0, net.n_out, rows),
        "perceptron": rng.choice([-1.0, 1.0], (rows, net.n_out)),
        "logistic": rng.integers(0, 2, (rows, net.n_out)).astype(float),
    }
    return params, x, targets.get(net.loss, rng.normal(size=(rows, net.n_out)))


# The same few sums in another order: some ten roundings of float64, of terms that may cancel to a
# thousandth of their size.
SAME = 1e-11


def test_constants() -> None:
    assert (LIBRARY_CALL, CONFIDENCE) == (8, 8)


def test_a_sum_of_many() -> None:
    """Up to 16 terms an ε for each, then four for the root of their number."""
    assert [summed(n, EPS) / EPS for n in (1, 4, 15, 16, 25, 64, 100)] == [1, 4, 15, 16, 20, 32, 40]


@pytest.mark.parametrize("rows", [1, 3, 20])
@pytest.mark.parametrize("kind", NETS)
def test_bounds_are_those_derived_by_hand(kind: str, rows: int) -> None:
    net = NETS[kind]
    params, x, y = example(net, rows, rows)
    got, want = bounds(net, params, x, y, EPS), by_hand(net, params, x, y)
    assert math.isclose(got.loss, want.loss, rel_tol=SAME)
    pairs = zip(
        [got.margins, *got.activations, *got.gradients],
        [want.margins, *want.activations, *want.gradients],
        strict=True,
    )
    for a, b in pairs:
        np.testing.assert_allclose(a, b, rtol=SAME)
    assert np.array_equal(margins(net, params, x, EPS), got.margins)


Z, E = np.array([[0.5, -2.0]]), np.array([[0.25, 0.125]])


def test_terms_of_the_squared_loss() -> None:
    terms, slopes, errors = loss_terms("squared", Z, E, np.array([[-1.0, 3.0]]), Rounding(EPS))
    assert terms.tolist() == [[1.5**2, 25.0]]
    assert slopes.tolist() == [[3.0, -10.0]]
    assert errors.tolist() == [[0.5 + 3 * EPS, 0.25 + 10 * EPS]]


def test_terms_of_the_logistic_loss() -> None:
    y = np.array([[1.0, 0.0]])
    terms, slopes, errors = loss_terms("logistic", Z, E, y, Rounding(EPS))
    p = [1 / (1 + math.exp(-z)) for z in (0.5, -2.0)]
    assert terms.tolist() == [[1.5, 3.0]]
    np.testing.assert_allclose(slopes, [[p[0] - 1, p[1]]], rtol=1e-14)
    assert errors.tolist() == [[0.0625 + 8 * EPS, 0.03125 + 8 * EPS]]


def test_terms_of_the_softmax_loss() -> None:
    terms, slopes, errors = loss_terms("softmax", Z, E, np.array([1]), Rounding(EPS))
    p = 1 / (1 + math.exp(-2.5)), math.exp(-2.5) / (1 + math.exp(-2.5))
    assert terms.tolist() == [[0.5 + 2.5 + 1, 2.0 + 2.5 + 1]]
    np.testing.assert_allclose(slopes, [[p[0], p[1] - 1]], rtol=1e-13)
    np.testing.assert_allclose(
        errors, [[0.375 + 10 * EPS, 0.375 + 10 * EPS + EPS * 2.5 * p[1]]], rtol=1e-13
    )


def test_terms_of_the_softmax_loss_with_independent_errors() -> None:
    """p changes by p · (its score's error, less the mean of all by p), each as a square."""
    likely = Rounding(EPS, is_likely=True)
    _, slopes, errors = loss_terms("softmax", Z, E, np.array([1]), likely)
    p = 1 / (1 + math.exp(-2.5)), math.exp(-2.5) / (1 + math.exp(-2.5))
    mean = math.hypot(p[0] * 0.25, p[1] * 0.125)
    want = [
        math.hypot(q * math.hypot(e, mean), EPS * q * (10 + below), EPS * abs(slope))
        for q, e, below, slope in zip(p, (0.25, 0.125), (0, 2.5), slopes[0], strict=True)
    ]
    np.testing.assert_allclose(errors, [want], rtol=1e-13)


def test_terms_of_the_perceptron_loss() -> None:
    z = np.array([[0.5, -2.0, 0.0]])
    terms, slopes, errors = loss_terms(
        "perceptron", z, z, np.array([[1.0, 1.0, -1.0]]), Rounding(EPS)
    )
    assert terms.tolist() == [[0.5, 2.0, 0.0]]
    assert slopes.tolist() == [[0.0, -1.0, 1.0]]  # a tie is a mistake
    assert errors.tolist() == [[0.0, 0.0, 0.0]]


def test_a_row_on_a_kink_has_no_margin() -> None:
    net = Net((Dense(1, 1, "relu"), Dense(1, 1)), "squared")
    params = [np.ones((1, 1)), np.zeros(1), np.ones((1, 1)), np.zeros(1)]
    found = bounds(net, params, np.array([[0.0], [1.0]]), np.zeros((2, 1)), EPS)
    assert found.margins.tolist() == [0.0, 1 / (2 * EPS)]
    smooth = Net((Dense(1, 1, "tanh"), Dense(1, 1)), "squared")
    assert np.isinf(bounds(smooth, params, np.ones((2, 1)), np.zeros((2, 1)), EPS).margins).all()


# A bound follows the worst case through every layer, and real errors mostly cancel: of 300 examples
# none used more than 0.13 of one. Of one that is a thousand times too wide they would use 1.3e-4.
LEAST_USED = 2e-4


@given(st.sampled_from(sorted(NETS)), st.integers(0, 999))
def test_float32_errs_within_its_bounds(kind: str, seed: int) -> None:
    """By NumPy in both precisions, on the same float32 numbers."""
    shares = used(kind, seed)
    assert max(shares.values()) <= 1, shares


@pytest.mark.parametrize("kind", sorted(set(NETS) - {"perceptron"}))
def test_bounds_are_not_far_above_the_errors_of_float32(kind: str) -> None:
    """Or a budget made of them would let anything through."""
    drawn = [used(kind, seed) for seed in range(10)]
    for name in drawn[0]:
        assert max(shares[name] for shares in drawn) > LEAST_USED, name


def used(kind: str, seed: int) -> dict[str, float]:
    """The share of its bound that float32 used, of each array."""
    net = NETS[kind]
    params, x, y = example(net, seed, 5)
    single = type("Single", (MODEL,), {"dtype": "float32", "device": "cpu", "threads": 1})
    double = type("Double", (MODEL,), {"dtype": "float64", "device": "cpu", "threads": 1})
    params, x = [p.astype(np.float32) for p in params], x.astype(np.float32)
    y = y if net.loss == "softmax" else y.astype(np.float32)
    eps = float(np.finfo(np.float32).eps)
    allowed = bounds(net, params, x, y, eps)
    if (allowed.margins <= 2).any():
        return {"none": 0.0}  # a unit may be on either side of its kink
    small = single(net, params, SGD(0.1))
    wide = [a.astype(np.float64) for a in (x, y)] if net.loss != "softmax" else [x.astype(float), y]
    large = double(net, [p.astype(np.float64) for p in params], SGD(0.1))
    pairs = {"loss": (small.loss(x, y), large.loss(*wide), allowed.loss)}
    for i, (a, b, c) in enumerate(zip(small.activations(x), large.activations(wide[0]),
                                      allowed.activations, strict=True)):  # fmt: skip
        pairs[f"activation {i}"] = (a, b, c)
    for i, (a, b, c) in enumerate(zip(small.gradients(x, y), large.gradients(*wide),
                                      allowed.gradients, strict=True)):  # fmt: skip
        pairs[f"gradient {i}"] = (a, b, c)
    with np.errstate(invalid="ignore"):
        return {
            name: float(np.nan_to_num(np.abs(np.asarray(a, float) - b) / c).max())
            for name, (a, b, c) in pairs.items()
        }

"""The minimum of softmax regression, by two solvers, and its cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SGD, Array, Dense, Net, Params
from course import optimum
from tests.judging.helpers import backend


def problem(classes: int = 3) -> tuple[Array, Array]:
    rng = np.random.default_rng(classes)
    return rng.normal(size=(30, 4)), np.arange(30) % classes


def some_params(classes: int = 3) -> Params:
    rng = np.random.default_rng(9)
    return [rng.normal(size=(4, classes)), rng.normal(size=classes)]


def test_loss_and_gradient_are_the_reference_s() -> None:
    x, y = problem()
    net, params = Net((Dense(4, 3),), "softmax", l2=0.25), some_params()
    model = backend("float64")(net, params, SGD(1.0))
    loss, gradient = optimum.loss_and_gradient(params, x, y, 0.25)
    assert loss == pytest.approx(model.loss(x, y), rel=1e-14)
    for ours, theirs in zip(gradient, model.gradients(x, y), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)
    steep = max(np.abs(g).max() for g in gradient)
    assert optimum.steepness(params, x, y, 0.25) == steep
    assert optimum.steepness([p.astype(np.float32) for p in params], x, y, 0.25) == (
        pytest.approx(steep, rel=1e-5)
    )


@pytest.mark.parametrize("classes", [2, 3])
def test_two_solvers_find_one_minimum(classes: int) -> None:
    x, y = problem(classes)
    one, other = optimum.by_lbfgs(x, y, 0.25), optimum.by_scikit_learn(x, y, 0.25)
    for params in (one, other):
        assert optimum.steepness(params, x, y, 0.25) < 1e-7
        assert params[1].mean() == pytest.approx(0, abs=1e-12)
    assert optimum.distance(one, other) < 1e-6
    lowest = optimum.loss_and_gradient(one, x, y, 0.25)[0]
    aside = [one[0] + 0.01, one[1]]
    assert optimum.loss_and_gradient(aside, x, y, 0.25)[0] > lowest


def test_a_common_shift_of_the_biases_is_no_distance() -> None:
    w, b = some_params()
    assert optimum.distance([w, b], [w, b + 5]) < 1e-14
    assert optimum.distance([w, b], [w + 0.5, b]) == pytest.approx(0.5)
    shifted = b.copy()
    shifted[0] += 3  # of three: two away from the mean
    assert optimum.distance([w, b], [w, shifted]) == pytest.approx(2)
    assert optimum.centred([w, b])[1].mean() == pytest.approx(0, abs=1e-15)


def test_results_are_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By rows, labels, penalty and solver; a cached file that is no optimum is not used."""
    monkeypatch.setattr(optimum, "cache_folder", lambda: tmp_path)
    x, y = problem()
    calls: list[float] = []

    def solver(x: Array, y: Array, l2: float) -> Params:
        calls.append(l2)
        return optimum.by_lbfgs(x, y, l2)

    first = optimum.remembered(solver, x, y, 0.25)
    again = optimum.remembered(solver, x, y, 0.25)
    assert calls == [0.25]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    optimum.remembered(solver, x, y, 0.5)
    optimum.remembered(solver, x + 1, y, 0.25)
    optimum.remembered(solver, x, (y + 1) % 3, 0.25)
    optimum.remembered(optimum.by_lbfgs, x, y, 0.25)
    assert calls == [0.25, 0.5, 0.25, 0.25]
    assert not list(tmp_path.glob("*.part"))
    assert len(list(tmp_path.glob("optimum-*.npz"))) == 5
    for file in tmp_path.iterdir():
        np.savez(file, w=first[0] + 1, b=first[1])
    found = optimum.remembered(solver, x, y, 0.25)
    assert len(calls) == 5
    assert optimum.steepness(found, x, y, 0.25) < 1e-7
    for file in tmp_path.iterdir():
        file.write_bytes(b"no archive")
    optimum.remembered(solver, x, y, 0.25)
    assert len(calls) == 6

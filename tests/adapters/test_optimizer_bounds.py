"""The judge's optimizer equations, on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Array, Optimizer, State
from adapters.laws.optimizer_bounds import UPDATE, updated

EPS = 2.0**-20
U = UPDATE * EPS
W, G, V, ERR = 3.0, -0.5, 2.0, 2.0**-10


def one(value: float) -> Array:
    return np.array([value])


def after(optimizer: Optimizer, **slots: float) -> dict[str, tuple[float, float]]:
    """One weight and its slots after one update: each value and its error bound."""
    state: State = {"param_0": one(W)} | {f"{k}_0": one(v) for k, v in slots.items() if k != "step"}
    if "step" in slots:
        state["step"] = np.array(int(slots["step"]))
    result = updated(optimizer, state, [one(G)], [one(ERR)], EPS)
    return {name: (float(value[0]), float(err[0])) for name, (value, err) in result.items()}


def test_the_roundings_of_an_update() -> None:
    assert UPDATE == 12


def test_plain() -> None:
    assert after(SGD(0.25)) == {
        "param_0": (W - 0.25 * G, U * (W + 0.25 * 0.5) + 2 * 0.25 * ERR),
    }


def test_momentum() -> None:
    size = 0.5 * V + 0.5
    assert after(SGD(0.25, 0.5), velocity=V) == {
        "param_0": (W - 0.25 * (0.5 * V + G), U * (W + 0.25 * size) + 2 * 0.25 * ERR),
        "velocity_0": (0.5 * V + G, U * size + ERR),
    }


def test_nesterov() -> None:
    size = 0.5 * V + 0.5
    moved = 0.5 + 0.5 * size
    velocity = 0.5 * V + G
    assert after(SGD(0.25, 0.5, nesterov=True), velocity=V) == {
        "param_0": (W - 0.25 * (G + 0.5 * velocity), U * (W + 0.25 * moved) + 2 * 0.25 * ERR),
        "velocity_0": (velocity, U * size + ERR),
    }


@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("second", [0.0, 1.0])
def test_adam(before: int, second: float) -> None:
    o = Adam(0.25, 0.25, 0.75, 0.125)
    result = after(o, first_moment=V, second_moment=second, step=before)
    t = before + 1
    m, v = 0.25 * V + 0.75 * G, 0.75 * second + 0.25 * G * G
    m_err = U * (0.25 * V + 0.75 * 0.5) + 0.75 * ERR
    v_err = U * v + 2 * 0.25 * 0.5 * ERR
    below = np.sqrt(v / (1 - 0.75**t)) + 0.125
    move = 0.25 * (m / (1 - 0.25**t)) / below
    move_err = 0.25 * m_err / (1 - 0.25**t) / below + abs(move) * (U + v_err / (2 * v))
    want = {
        "param_0": (W - move, U * W + move_err),
        "first_moment_0": (m, m_err),
        "second_moment_0": (v, v_err),
    }
    assert set(result) == set(want)
    for name, entry in want.items():
        # 1 − βᵗ by expm1 and by a power: a few roundings of float64.
        assert result[name] == pytest.approx(entry, rel=1e-14)


def test_a_gradient_that_always_was_zero_moves_nothing() -> None:
    state = {f"{name}_0": np.zeros(2) for name in ("first_moment", "second_moment")}
    state |= {"param_0": np.array([1.0, -1.0]), "step": np.array(4)}
    result = updated(Adam(), state, [np.zeros(2)], [np.zeros(2)], EPS)
    value, err = result["param_0"]
    assert value.tolist() == [1.0, -1.0]
    assert err.tolist() == [U, U]


def test_every_parameter_has_its_own_gradient_and_float32_is_judged_in_float64() -> None:
    state = {f"param_{i}": np.full(2, i, np.float32) for i in range(3)}
    gradients = [np.full(2, 10.0 * i, np.float32) for i in range(3)]
    result = updated(SGD(0.5), state, gradients, [np.zeros(2)] * 3, EPS)
    assert {name: value.tolist() for name, (value, _) in result.items()} == {
        "param_0": [0, 0], "param_1": [-4, -4], "param_2": [-8, -8],
    }  # fmt: skip
    assert all(value.dtype == np.float64 for value, _ in result.values())

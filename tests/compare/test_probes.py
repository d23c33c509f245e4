"""Probes are the same for every backend, cost nothing unless requested, and change no run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Net
from adapters.laws.error_bounds import bounds, summed
from adapters.laws.tolerances import epsilon
from course import probes
from course.randomness import initial_weights
from course.record import read_record
from tests.compare.conftest import Records, run_course

RELU = Net((Dense(20, 30, "relu"), Dense(30, 4)), "softmax")


def test_a_run_is_the_same_with_and_without_probes(folder: Records, tmp_path: Path) -> None:
    """Byte by byte, and without them there is no file."""
    for lesson in (1, 3):
        plain = run_course(lesson, tmp_path, "--dtype=float64")
        probed = folder(lesson, "float64")
        assert not (plain / "looks.npz").exists()
        assert (probed / "looks.npz").exists()
        assert (plain / "record.npz").read_bytes() == (probed / "record.npz").read_bytes()


def test_twice_is_the_same_to_the_bit_and_another_seed_is_not(
    folder: Records, tmp_path: Path
) -> None:
    """Also where the seed is the second one of a run over several."""
    first = folder(3, "float64")
    options = ("--dtype=float64", "--probes")
    last = run_course(3, tmp_path, *options, "--seeds=2")
    again = last.parent / first.name
    assert (first / "looks.npz").read_bytes() == (again / "looks.npz").read_bytes()
    alone = run_course(3, tmp_path / "alone", *options, "--seed=1")
    assert (alone / "looks.npz").read_bytes() == (last / "looks.npz").read_bytes()
    one, other = (read_record(path, probes=True)[0] for path in (first, last))
    key = "looks/softmax/1/gradient_0"
    assert np.abs(one[key] - other[key]).max() > 1e-3


@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.1, 0.9), Adam(0.001)])
def test_a_start_is_a_function_of_seed_and_name(optimizer: SGD | Adam) -> None:
    state = probes.start(RELU, optimizer, 3, "momentum", 1)
    again = probes.start(RELU, optimizer, 3, "momentum", 1)
    assert all(np.array_equal(state[k], again[k]) for k in state)
    for seed, name in ((4, "momentum"), (3, "adam")):
        other = probes.start(RELU, optimizer, seed, name, 1)
        assert not np.array_equal(state["param_0"], other["param_0"])
    assert {k.rpartition("_")[0] for k in state} - {""} == {"param", *optimizer.slots}


def test_probe_0_starts_where_the_run_did() -> None:
    state = probes.start(RELU, SGD(0.1, 0.9), 3, "momentum", 0)
    for i, p in enumerate(initial_weights(RELU, 3)):
        assert np.array_equal(state[f"param_{i}"], p)
        assert not state[f"velocity_{i}"].any()


def test_a_drawn_memory_of_adam_is_one_that_adam_could_have() -> None:
    """m² ≤ v·(1 − β₁)-weights: no history of gradients gives a first moment beyond the second."""
    adam = Adam(0.001)
    state = probes.start(RELU, adam, 3, "adam", 1)
    first, second = (1 - beta**probes.STEP for beta in (adam.beta_1, adam.beta_2))
    for i in range(4):
        m, v = state[f"first_moment_{i}"] / first, state[f"second_moment_{i}"] / second
        assert (v > 0).all()
        assert (m**2 <= v).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rows_near_a_kink_are_replaced_by_clear_ones(dtype: str) -> None:
    """The batch keeps its size, and no unit of it can change sign by rounding."""
    from adapters.numpy_adapter import NumpyModel

    class Reference(NumpyModel):
        pass

    Reference.dtype, Reference.device = dtype, "cpu"
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 20)).astype(dtype), rng.integers(0, 4, 50)
    state = probes.start(RELU, SGD(0.1), 0, "r", 1)
    # Rows 7 and 8 put unit 0 on its kink, to within a rounding.
    w, b = state["param_0"][:, 0].astype(dtype), state["param_1"][0].astype(dtype)
    for row in (7, 8):
        x[row] -= ((x[row] @ w + b) / (w @ w)) * w
    model = Reference(RELU, [state[f"param_{i}"] for i in range(4)], SGD(0.1))
    rows = probes.clear_rows(model, state, x, np.arange(50))
    assert len(rows) == 50
    assert not {7, 8} & set(rows.tolist())
    params = [state[f"param_{i}"].astype(dtype) for i in range(4)]
    assert bounds(RELU, params, x[rows], y[rows], epsilon(dtype)).margins.min() > probes.CLEAR
    assert len(probes.clear_rows(model, state, x[7:9], np.arange(2))) == 0


def test_a_probe_restores_the_trained_state(folder: Records) -> None:
    """The recorded weights are the trained ones; the probe's are others."""
    arrays, _ = read_record(folder(3, "float64"), probes=True)
    trained, seen = arrays["softmax/param_0"], arrays["looks/softmax/1/after/param_0"]
    assert np.abs(trained - seen).max() > 1e-3


def test_a_perceptrons_probe_is_exact(folder: Records) -> None:
    """Sixteenths and a power of two of rows: float32 and float64 are equal as numbers."""
    ours, theirs = (
        {
            k: v
            for k, v in read_record(folder(1, d), probes=True)[0].items()
            if k.startswith("looks")
        }
        for d in ("float32", "float64")
    )
    assert ours.keys() == theirs.keys()
    assert all(np.array_equal(ours[k], theirs[k]) for k in ours)
    assert any(v.any() for k, v in ours.items() if "gradient" in k)


def test_a_long_sum_is_bounded_by_chance_a_short_one_by_the_worst_case() -> None:
    assert summed(5, 1.0) == 5
    assert summed(784, 1.0) == pytest.approx(4 * 28)
    # Sums of float32 keep it: the largest of a thousand sums of 784 products.
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(1000, 784)).astype(np.float32) for _ in range(2))
    total = np.float32(0) * a[:, 0]
    for i in range(784):  # one after the other, the order that errs most
        total += a[:, i] * b[:, i]
    terms = a.astype(float) * b
    share = np.abs(total - terms.sum(1)) / np.abs(terms).sum(1)
    assert share.max() <= summed(784, epsilon("float32"))

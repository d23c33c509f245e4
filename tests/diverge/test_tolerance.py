"""Sketches and budgets of a trace, and what in float32 is rounding and no defect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Dense, Net
from adapters.layers import Flatten, Pool2D, Residual
from adapters.numpy_layers import outputs
from compare.budgets import TRAJECTORY, budget_of
from compare.diverge.diagnose import Diagnosis, diagnose
from compare.diverge.gap import Allowance, count_within_budget, first_over, gaps
from compare.diverge.kinks import Pass, find_kink
from compare.diverge.rounding_flips import find_flip, find_magnified
from compare.diverge.side import Setting, Side
from compare.diverge.sketch import SUMS, Quantity, Sketch, sketch
from tests.images import small_images

# A sketch shows what the whole arrays would; a budget depends on the terms of its sum.

R = TRAJECTORY[4, "float64"].weights
F64 = budget_of(4, "float64"), "float64"
LAYER = Net((Dense(2, 2),), "softmax")


def of(stage: str, tensor: str, array: np.ndarray, step: int = 0) -> Sketch:
    return sketch(Quantity(step, stage, tensor, array))


def test_a_gradient_that_vanishes_is_judged_by_the_largest_of_its_kind() -> None:
    allowance = Allowance(*F64)
    assert allowance.of(of("gradient", "W0", np.array([3.0, 4.0]))) == pytest.approx(5 * R)
    assert allowance.of(of("gradient", "b0", np.zeros(2))) == pytest.approx(5 * R)
    assert allowance.of(of("gradient", "W0", np.zeros(2), step=9)) == pytest.approx(5 * R)


def test_moments_of_different_size_have_budgets_of_their_own() -> None:
    allowance = Allowance(*F64)
    first = of("optimizer slot", "first moment of W0", np.array([1.0]))
    second = of("optimizer slot", "second moment of W0", np.array([1e-4]))
    assert allowance.of(first) == pytest.approx(R)
    assert allowance.of(second) == pytest.approx(1e-4 * R)


def test_where_a_run_diverges_the_rounding_of_a_small_bias_grows_too() -> None:
    allowance = Allowance(*F64)
    for step, size in enumerate([1.0, 1e5]):
        allowance.of(of("update", "W0", np.array([size]), step))
    assert allowance.of(of("update", "b0", np.zeros(1), 1)) == pytest.approx(1e5 * R)


def test_data_weights_and_batches_must_be_equal() -> None:
    allowance = Allowance(budget_of(2, "float32"), "float32")
    for stage in ("data", "initial weights", "batch"):
        assert allowance.of(of(stage, "x", np.ones(5))) == 0


def test_a_perceptron_is_exact() -> None:
    assert Allowance(budget_of(1, "float32"), "float32").of(of("update", "W0", np.ones(5))) == 0


def test_the_first_gap_over_budget_is_found_and_a_missing_quantity_is_one() -> None:
    ours = [of("loss", "loss", np.array(2.0)), of("gradient", "W0", np.ones(3))]
    wrong = [ours[0], of("gradient", "W0", np.ones(3) + 1e-6)]
    assert count_within_budget(gaps("sgd", ours, wrong, *F64)) == 1
    over = first_over(gaps("sgd", ours, wrong, *F64))
    assert over is not None
    assert (over.stage, over.tensor) == ("gradient", "W0")
    assert over.gap == pytest.approx(1e-6 * 3**0.5)
    short = first_over(gaps("sgd", ours, ours[:1], *F64))
    assert short is not None
    assert short.gap == np.inf
    assert first_over(gaps("sgd", ours[:1], ours, *F64)) is not None
    assert first_over(gaps("sgd", ours, ours, *F64)) is None


# ‖sketch‖² has mean ‖Δ‖² and a standard deviation of √(2/64) of it, 0.18; its root, of half that:
# five of them.
SIX_SIGMA = 0.45


def sketch_of(array: np.ndarray) -> Sketch:
    return sketch(Quantity(0, "update", "W0", array))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_distance_is_estimated(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, rows, columns))
    true = float(np.linalg.norm(a - b))
    assert sketch_of(a).distance(sketch_of(b)) == pytest.approx(true, rel=SIX_SIGMA)


@given(st.integers(1, 100_000), st.integers(0, 2**32 - 1), st.floats(1e-9, 1e3))
def test_one_wrong_entry_shows_with_its_full_size(size: int, seed: int, gap: float) -> None:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=size)
    b = a.copy()
    b[rng.integers(size)] += gap
    # what the sums lose by rounding: ε of a sum of size/64 terms of size 1, in each of two
    rounding = 1e-13 * max(1.0, (size / SUMS) ** 0.5)
    assert sketch_of(a).distance(sketch_of(b)) == pytest.approx(gap, rel=1e-6, abs=rounding)


@given(st.integers(1, SUMS), st.integers(0, 2**32 - 1))
def test_a_small_array_is_stored_completely(size: int, seed: int) -> None:
    a = np.random.default_rng(seed).normal(size=size)
    np.testing.assert_array_equal(np.abs(sketch_of(a).sums[:size]), np.abs(a))


def test_swapped_entries_are_seen_though_their_norm_is_not() -> None:
    a = np.arange(784.0).reshape(28, 28)
    assert sketch_of(a).norm == pytest.approx(sketch_of(a.T).norm)
    transposed = sketch_of(np.ascontiguousarray(a.T))
    assert sketch_of(a).distance(transposed) > 0.5 * np.linalg.norm(a - a.T)


def test_equal_arrays_have_distance_0_and_other_shapes_infinity() -> None:
    a = np.ones((3, 4))
    assert sketch_of(a).distance(sketch_of(a.copy())) == 0
    assert sketch_of(a).distance(sketch_of(np.ones((4, 3)))) == np.inf
    assert sketch_of(a).distance(sketch_of(np.full((3, 4), np.nan))) == np.inf


def test_the_digest_depends_on_values_not_on_memory_layout() -> None:
    a = np.arange(12.0).reshape(3, 4)
    assert sketch_of(a).digest == sketch_of(np.asfortranarray(a)).digest
    assert sketch_of(a).digest == sketch_of(a.astype(">f8")).digest
    assert sketch_of(a).digest == sketch_of(a.astype(np.float32)).digest  # each is a float32
    assert sketch_of(a / 3).digest != sketch_of((a / 3).astype(np.float32)).digest
    assert sketch_of(a).digest != sketch_of(a.reshape(4, 3)).digest


# In float32 an effect of rounding is distinguished from a defect.

# A backend with unlucky rounding, so that a flip is certain: pre-activations nearer to zero than a
# share of the largest one change their sign. And one that is wrong as well.
BACKEND = """
import numpy as np
from adapters.numpy_adapter import *
from adapters.numpy_adapter import NumpyModel
from adapters.numpy_layers import ACTIVATIONS

class Unlucky(NumpyModel):
    def _layers(self, x):
        a, outputs = x, []
        for layer, w, b in zip(self.net.layers, self._params[::2], self._params[1::2]):
            z = a @ w + b
            if layer.activation == "relu":
                z = np.where(np.abs(z) < {unlucky} * np.abs(z).max(), -z, z)
            a = ACTIVATIONS[layer.activation][0](z)
            outputs.append(a)
        return outputs

    def _loss_and_gradients(self, x, y):
        loss, gradients = super()._loss_and_gradients(x, y)
        gradients = [g * np.float32({wrong}) for g in gradients]
        return loss, [np.where(np.abs(g) < {noise} * np.abs(g).max(), -g, g) for g in gradients]
"""
ROUNDING = 4e-6  # 34 ε: what a sum of 784 products can lose
NOISE = 8e-7  # of the largest gradient: 7 ε, what a sum over a hundred rows can lose
DEFECT = 1e-3  # too large for rounding


def diagnosis_of(
    folder: Path,
    traces: Path,
    unlucky: float,
    wrong: float | str = 1.0,
    noise: float = 0.0,
    injections: tuple[str, ...] = (),
) -> Diagnosis:
    file = folder / "unlucky.py"
    file.write_text(BACKEND.format(unlucky=unlucky, wrong=wrong, noise=noise), encoding="utf-8")
    setting = Setting(4, "float32", data=small_images(folder))
    with (
        Side("numpy", setting, traces) as a,
        Side(f"{file}:Unlucky", setting, traces, injections) as b,
    ):
        return diagnose(a, b)


def test_a_flip_by_rounding_is_excused_and_described(tmp_path: Path, traces: Path) -> None:
    diagnosis = diagnosis_of(tmp_path, traces, ROUNDING)
    assert diagnosis.agrees
    assert diagnosis.divergences
    for divergence in diagnosis.divergences:
        assert "changed sign by rounding" in divergence.flip
        assert divergence.gap.run in {"sgd", "momentum", "adam"}


def test_rounding_that_adam_magnifies_is_excused(tmp_path: Path, traces: Path) -> None:
    diagnosis = diagnosis_of(tmp_path, traces, 0.0, noise=NOISE)
    assert diagnosis.agrees
    (divergence,) = diagnosis.divergences
    assert divergence.gap.run == "adam"
    assert "along a gradient that is all rounding" in divergence.flip


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("unlucky", "wrong", "noise"), [(ROUNDING, 1.001, 0), (DEFECT, 1, 0), (0, 1, 20 * NOISE)]
)
def test_a_defect_is_not_excused(
    tmp_path: Path, traces: Path, unlucky: float, wrong: float, noise: float
) -> None:
    diagnosis = diagnosis_of(tmp_path, traces, unlucky, wrong, noise)
    assert not diagnosis.agrees
    assert diagnosis.divergences[0].flip == ""


@pytest.mark.slow
def test_a_flip_does_not_excuse_a_later_defect(tmp_path: Path, traces: Path) -> None:
    """The defect is in the last, short batch of an epoch; units flip long before it."""
    in_short_batches = "1.001 if len(x) < 100 and self.net.layers[0].activation == 'relu' else 1"
    diagnosis = diagnosis_of(tmp_path, traces, ROUNDING, in_short_batches)
    assert not diagnosis.agrees


@pytest.mark.parametrize(
    "injection", ["adam_epsilon", pytest.param("adam_epsilon_of_keras", marks=pytest.mark.slow)]
)
def test_a_misplaced_epsilon_is_not_taken_for_rounding(
    tmp_path: Path, traces: Path, injection: str
) -> None:
    """It, too, changes the smallest gradients most."""
    diagnosis = diagnosis_of(tmp_path, traces, 0.0, injections=(injection,))
    first = diagnosis.divergences[0]
    assert first.cause is not None
    assert first.cause.suspects[0] == injection


@pytest.mark.parametrize(
    ("moment", "elsewhere", "excused"), [(1e-9, 0, True), (1e-3, 0, False), (1e-9, 1e-3, False)]
)
def test_only_a_gradient_of_roundings_size_is_magnified(
    moment: float, elsewhere: float, excused: bool
) -> None:
    one = {"param_0": np.zeros((2, 2)), "first_moment_0": np.array([[moment, 1], [1, 1]])}
    other = one | {"param_0": np.array([[0.002, elsewhere], [0, 0]])}
    message = find_magnified(one, other, LAYER)
    assert bool(message) == excused
    if excused:
        assert message.startswith("Adam moved W0[0, 0]")


@pytest.mark.parametrize(("value", "excused"), [(1e-6, True), (1e-3, False)])
def test_only_a_small_sign_change_is_rounding(value: float, excused: bool) -> None:
    one = np.array([[1.0, 0.0], [0.5, 0.25]], np.float32)
    other = one.copy()
    other[0, 1] = value
    scores = np.zeros((2, 3), np.float32)
    message = find_flip({"0": one, "1": scores}, [other, scores])
    assert bool(message) == excused
    if excused:
        assert message.startswith("unit 1 of layer 0")
        assert "row 0" in message


POOL = Net((Pool2D(), Flatten(), Dense(1, 2)), "softmax", 0.0, (2, 2, 1))
INSIDE = Net((Residual((Dense(2, 2, "relu"),)), Dense(2, 2)), "softmax")


def passes(net: Net, x: np.ndarray, other: np.ndarray) -> list[Pass]:
    params = [np.ones(shape) for shape in net.shapes]
    return [Pass(params, rows, outputs(net.layers, params, rows)) for rows in (x, other)]


@pytest.mark.parametrize(("gap", "excused"), [(1e-6, True), (1e-3, False), (0.0, False)])
def test_another_largest_number_of_a_window_is_rounding_if_it_is_nearly_as_large(
    gap: float, excused: bool
) -> None:
    x = np.array([0.25, 1.0, 0.5, 1.0 - gap]).reshape(1, 2, 2, 1)
    message = find_kink(POOL, *passes(POOL, x, x + np.array([0, -2 * gap, 0, 0]).reshape(x.shape)))
    assert bool(message) == excused
    if excused:
        assert message.startswith("max-pool 0 at [0, 0, 0, 0] was decided by rounding")


@pytest.mark.parametrize(("value", "excused"), [(1e-6, True), (1e-3, False), (0.0, False)])
def test_a_relu_inside_a_residual_is_seen(value: float, excused: bool) -> None:
    x = np.array([[-1.0, 0.0], [1.0, 0.5]])  # with kernels and biases of 1: 0, and 2.5
    message = find_kink(INSIDE, *passes(INSIDE, x, x + value))
    assert bool(message) == excused
    if excused:
        assert message.startswith("relu 0.0 at [0, 0]")

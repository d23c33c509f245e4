"""In float32 an effect of rounding is distinguished from a defect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from compare.diverge.diagnose import Diagnosis, diagnose
from compare.diverge.rounding_flips import find_flip, find_magnified
from compare.diverge.side import Setting, Side

# A backend with unlucky rounding, so that a flip is certain: pre-activations nearer to zero than a
# share of the largest one change their sign. And one that is wrong as well.
BACKEND = """
import numpy as np
from adapters.numpy_adapter import *
from adapters.numpy_adapter import ACTIVATIONS, NumpyModel

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
    setting = Setting(4, "float32")
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
    message = find_magnified(one, other)
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

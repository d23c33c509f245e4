"""In float32 a change of sign by rounding is told from a defect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from compare.diverge.diagnose import Diagnosis, diagnose
from compare.diverge.flips import flipped
from compare.diverge.session import Setting, Side

# An engine whose rounding is unlucky, so that a flip need not be waited for: what is nearer to zero
# than a share of the largest pre-activation has its sign changed. And one that is wrong besides.
ENGINE = """
import numpy as np
from adapters.numpy_adapter import *
from adapters.numpy_adapter import ACTIVATIONS, NumpyModel

class Unlucky(NumpyModel):
    def activations(self, x):
        a, outputs = x, []
        for layer, w, b in zip(self.net.layers, self._params[::2], self._params[1::2]):
            z = a @ w + b
            if layer.activation == "relu":
                z = np.where(np.abs(z) < {unlucky} * np.abs(z).max(), -z, z)
            a = ACTIVATIONS[layer.activation][0](z)
            outputs.append(a)
        return outputs

    def gradients(self, x, y):
        return [g * np.float32({wrong}) for g in super().gradients(x, y)]
"""
ROUNDING = 4e-6  # 34 ε: what a sum of 784 products can lose
DEFECT = 1e-3  # nothing that rounding does


def diagnosis_of(folder: Path, unlucky: float, wrong: float = 1.0) -> Diagnosis:
    file = folder / "unlucky.py"
    file.write_text(ENGINE.format(unlucky=unlucky, wrong=wrong), encoding="utf-8")
    setting = Setting(4, "float32")
    with Side("numpy", setting, folder) as a, Side(f"{file}:Unlucky", setting, folder) as b:
        return diagnose(a, b)


def test_a_flip_by_rounding_is_excused_and_described(tmp_path: Path) -> None:
    diagnosis = diagnosis_of(tmp_path, ROUNDING)
    assert diagnosis.agrees
    assert diagnosis.divergences
    for divergence in diagnosis.divergences:
        assert "changed sign by rounding" in divergence.flip
        assert divergence.gap.run in {"sgd", "momentum", "adam"}


@pytest.mark.parametrize(("unlucky", "wrong"), [(ROUNDING, 1.001), (DEFECT, 1.0)])
def test_a_defect_is_not_excused(tmp_path: Path, unlucky: float, wrong: float) -> None:
    diagnosis = diagnosis_of(tmp_path, unlucky, wrong)
    assert not diagnosis.agrees
    assert diagnosis.divergences[0].flip == ""


@pytest.mark.parametrize(("value", "excused"), [(1e-6, True), (1e-3, False)])
def test_only_what_rounding_can_move_is_rounding(value: float, excused: bool) -> None:
    one = np.array([[1.0, 0.0], [0.5, 0.25]], np.float32)
    other = one.copy()
    other[0, 1] = value
    scores = np.zeros((2, 3), np.float32)
    said = flipped({"0": one, "1": scores}, [other, scores])
    assert bool(said) == excused
    if excused:
        assert said.startswith("unit 1 of layer 0")
        assert "row 0" in said

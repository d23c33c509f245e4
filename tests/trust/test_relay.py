"""A run that changes hands ends where the run does that never did; without its memory it does not.

NumPy and PyTorch here, a few steps each; all engines, 100 steps each, in the slow test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from adapters import ENGINES
from course.relay.__main__ import BUDGET, gap, gap_of_losses
from course.settings import ROOT


def relay(out: Path, *options: str) -> tuple[int, str]:
    """The status of a relay, and all that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "course.relay", f"--out={out}", *options], cwd=out, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_a_relay_holds_its_budget(tmp_path: Path) -> None:
    """Handed on twice; the batons are checkpoints, and the curve is drawn."""
    status, said = relay(tmp_path, "--legs=numpy:3 torch:4 numpy:2")
    assert status == 0, said
    assert "handed on 2 times, and within 1e-11 everywhere" in said
    for run in ("momentum", "adam"):
        home = tmp_path / "relay" / "lesson4" / run
        cards = sorted(file.stem for file in home.glob("*.json"))
        assert cards == ["step-000003", "step-000007", "step-000009"]
        assert (home / "relay.png").stat().st_size > 10_000


@pytest.mark.slow
def test_a_forgotten_memory_fails_loudly(tmp_path: Path) -> None:
    """Status 1, and a line that says where."""
    status, said = relay(tmp_path, "--legs=numpy:3 numpy:4", "--forget")
    assert status == 1, said
    assert "FAILED: the relay left its budget of 1e-11; first momentum after numpy, step 6" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--legs=nmupy:3"], "unknown backend 'nmupy': did you mean numpy?"),
     (["--legs=numpy"], "'numpy' does not say how"),
     (["--legs=numpy:-3"], "'numpy:-3' does not say"), (["--legs=numpy:1e9"], "expected 1 to"),
     (["--legs= "], "no leg is named"), (["--legs=numpy:99999999999"], "expected 1 to"),
     (["--legs=numpy:3", "--forget"], "needs a second leg"),
     (["--lesson=2"], "unknown lesson '2'")],
)  # fmt: skip
def test_wrong_input_is_one_line(options: list[str], message: str, tmp_path: Path) -> None:
    """Status 2, and nothing is written."""
    status, said = relay(tmp_path, *options)
    assert (status, said.count("\n")) == (2, 1), said
    assert message in said
    assert not any(tmp_path.iterdir())


def test_a_gap_cannot_hide() -> None:
    """What is missing, or no number, is infinitely far; and a gap beyond the budget is seen."""
    state = {"param_0": np.ones(3), "step": np.array(4)}
    assert gap(state, state) == 0
    assert gap({"param_0": np.ones(3)}, state) == np.inf
    assert gap(state | {"step": np.array(0)}, state) == 1
    assert gap(state | {"param_0": np.array([1, np.nan, 1])}, state) == np.inf
    assert gap(state | {"param_0": 1 + np.array([0, 0, 2e-11])}, state) > BUDGET
    assert gap_of_losses(np.array([1, np.nan]), np.ones(2)) == np.inf
    assert gap_of_losses(np.array([1, 0.5 + 2e-11]), np.array([1, 0.5])) > BUDGET


@pytest.mark.slow
def test_all_engines_and_back(tmp_path: Path) -> None:
    """Every engine makes 100 steps; then once more without memory."""
    status, said = relay(tmp_path, "--legs=" + " ".join(f"{name}:100" for name in ENGINES))
    print(said)
    assert status == 0, said
    assert (
        relay(tmp_path, "--legs=" + " ".join(f"{name}:5" for name in ENGINES), "--forget")[0] == 1
    )

"""A run that changes hands ends where the run does that never did; without its memory it does not.

NumPy and PyTorch here, a few steps each; all backends, 100 steps each, in the slow test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from adapters import BACKENDS
from course.relay.__main__ import BUDGET, gap, gap_of_losses
from course.settings import ROOT
from tests.forked import module


def relay(out: Path, *options: str) -> tuple[int, str]:
    """The exit status and the output of a relay."""
    done = subprocess.run(
        [sys.executable, "-m", "course.relay", f"--out={out}", *options], cwd=out, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_a_relay_stays_within_its_budget(tmp_path: Path) -> None:
    """Two changes of backend; the batons are checkpoints, and the curve is drawn."""
    status, output = relay(tmp_path, "--legs=numpy:3 torch:4 numpy:2")
    assert status == 0, output
    assert "passed on 2 times, and within 1e-11 everywhere" in output
    for run in ("momentum", "adam"):
        home = tmp_path / "relay" / "lesson4" / run
        cards = sorted(file.stem for file in home.glob("*.json"))
        assert cards == ["step-000003", "step-000007", "step-000009"]
        assert (home / "relay.png").stat().st_size > 10_000


@pytest.mark.slow
def test_lost_optimizer_slots_fail_with_a_message(tmp_path: Path) -> None:
    """Status 1, and a line that says where."""
    status, output = relay(tmp_path, "--legs=numpy:3 numpy:4", "--forget")
    assert status == 1, output
    failure = "FAILED: the relay left its budget of 1e-11; first momentum after numpy, step 6"
    assert failure in output


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--legs=nmupy:3"], "unknown backend 'nmupy': did you mean numpy?"),
     (["--legs=numpy"], "'numpy' has no number of steps"),
     (["--legs=numpy:-3"], "'numpy:-3' has no number"), (["--legs=numpy:1e9"], "expected 1 to"),
     (["--legs= "], "there is no leg"), (["--legs=numpy:99999999999"], "expected 1 to"),
     (["--legs=numpy:3", "--forget"], "needs a second leg"),
     (["--lesson=2"], "unknown lesson '2'")],
)  # fmt: skip
def test_wrong_input_is_one_line(options: list[str], message: str, tmp_path: Path) -> None:
    """Status 2, and nothing is written."""
    done = module("course.relay", [f"--out={tmp_path}", *options], tmp_path)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1), done
    assert message in done.err
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
def test_all_backends_and_back(tmp_path: Path) -> None:
    """Every backend makes 100 steps; then once more without memory."""
    status, output = relay(tmp_path, "--legs=" + " ".join(f"{name}:100" for name in BACKENDS))
    print(output)
    assert status == 0, output
    assert (
        relay(tmp_path, "--legs=" + " ".join(f"{name}:5" for name in BACKENDS), "--forget")[0] == 1
    )

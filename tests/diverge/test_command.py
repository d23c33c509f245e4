"""python -m compare.diverge: its output, files and exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.settings import ROOT

Done = subprocess.CompletedProcess[str]
Diverge = Callable[..., Done]


@pytest.fixture
def diverge(tmp_path: Path) -> Diverge:
    """diverge("--lesson=2", …): run the command with its files in a temporary folder."""

    def run(*arguments: str) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "compare.diverge", *arguments, f"--out={tmp_path}"],
            env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    return run


def test_it_prints_place_values_cause_remedy_and_proof(diverge: Diverge, tmp_path: Path) -> None:
    file = tmp_path / "new" / "diverge.json"
    done = diverge("--lesson=2", "--a=numpy", "--b=torch", "--inject=squared_error_scale",
                   f"--json={file}")  # fmt: skip
    assert done.returncode == 1, done.stderr
    for expected in ("just_below: step 0, loss", "numpy", "torch", "budget", "half_of_the_square",
                     "remedy:", "proof:"):  # fmt: skip
        assert expected in done.stdout
    (divergence,) = json.loads(file.read_text(encoding="utf-8"))["divergences"]
    assert divergence["causes"] == ["half_of_the_square"]
    _, ours, theirs = divergence["values"]
    assert float(ours) == pytest.approx(2 * float(theirs), rel=1e-12)
    (picture,) = (tmp_path / "diverge").glob("*.png")
    assert picture.read_bytes()[1:4] == b"PNG"


def test_backends_that_agree_end_with_status_0(diverge: Diverge) -> None:
    done = diverge("--lesson=2", "--a=numpy", "--b=torch")
    assert done.returncode == 0, done.stderr
    assert "no divergence within the budget" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--a=numpi"], "'numpi'"),
        (["--a=numpy", "--b=numpy"], "both sides are numpy"),
        (["--inject=adam_epsilom"], "'adam_epsilom'"),
        (["--b=nowhere.npz"], "nowhere.npz"),
        (["--b=nowhere.py:Mine"], "nowhere.py"),
        (["--lesson=9"], "9"),
        (["--seed=-1"], "-1"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(
    diverge: Diverge, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = diverge("--lesson=2", *arguments)
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert done.returncode == 2
    assert len(errors) == 1
    assert message in errors[0]
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.png"))


def test_the_list_of_injections_needs_no_backend(diverge: Diverge) -> None:
    done = diverge("--inject=list")
    assert done.returncode == 0
    assert "adam_epsilon:" in done.stdout

"""Running the command line as a user does: a process of its own, its output and exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.settings import ROOT


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


Course = Callable[..., Outcome]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """`course("lesson3", "--seed=1")` in an empty folder, on NumPy, writing to ./results there."""

    def run(*args: str, backend: str | None = "numpy") -> Outcome:
        chosen = [f"--backend={backend}"] if backend and args[0].startswith("lesson") else []
        done = subprocess.run(
            [sys.executable, "-m", "course", *args[:1], *chosen, *args[1:]],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
            text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run

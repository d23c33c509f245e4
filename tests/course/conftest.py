"""Run the command line as a user does, in an empty folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot  # noqa: F401 - as below
import numpy as np
import pytest

from course import runner  # noqa: F401 - once here, and not in each copy of this process
from tests.forked import Outcome, module

Course = Callable[..., Outcome]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """`course("lesson3", "--seed=1")` in an empty folder, on NumPy, writing to ./results there."""

    def run(*args: str, backend: str | None = "numpy") -> Outcome:
        chosen = [f"--backend={backend}"] if backend and args[0].startswith("lesson") else []
        return module("course", [*args[:1], *chosen, *args[1:]], tmp_path)

    return run


def images(folder: Path, **changes: np.ndarray) -> Path:
    """A file of ninety random images in three classes; changes: arrays to replace."""
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {
        "x_train": rng.integers(0, 256, (60, 8, 8)).astype(np.uint8),
        "y_train": np.arange(60) % 3,
        "x_test": rng.integers(0, 256, (30, 8, 8)).astype(np.uint8),
        "y_test": np.arange(30) % 3,
    }
    path = folder / "mine.npz"
    np.savez(path, **(arrays | changes))
    return path

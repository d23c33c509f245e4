"""Fixtures: a page made from small records, and a browser.

The reference trains lesson 3 for one epoch; slightly changed copies of its record stand for other
backends, so that the page has several of them and no framework is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compare.comparison import Comparison, Finding, Noise, Outcome
from compare.page import write_page
from course.record import SEALED, read_record
from course.runner import run_lesson
from course.settings import Settings
from tests.browser import Open, silent_pages

POSING = ("torch", "tensorflow", "keras", "jax")
BACKENDS = ("numpy", *POSING)
# How far a posing backend's losses and weights are moved, relatively: a few last digits, which is
# within every budget and not nothing.
MOVED = {"float64": 1e-13, "float32": 3e-7}
BUDGET = {"float64": 1e-12, "float32": 1e-5}


@dataclass(frozen=True)
class Made:
    """A page, and its records."""

    comparison: Comparison
    file: Path


def findings(dtype: str) -> list[Finding]:
    """A plausible judgement: equal data, and a gap from the gradient on."""
    gap, budget = MOVED[dtype], BUDGET[dtype]
    return [
        Finding("data", "", "", 0.0, 0.0),
        Finding("initial weights", "", "", 0.0, 0.0),
        Finding("gradient", "softmax", "param_0", gap / 2, budget, "[12, 3]", 0),
        Finding("trajectory", "softmax", "losses", gap, budget, "[17]", 17),
    ]


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of one epoch of lesson 3 on NumPy."""
    dtype, device = (request.config.getoption(name) for name in ("--dtype", "--device"))
    out = tmp_path_factory.mktemp("page")
    lesson = run_lesson(
        3, Settings("numpy", dtype=dtype, device=device, epochs=1, out=str(out), draw=False)
    )
    assert lesson.finished_in
    return lesson.finished_in


@pytest.fixture(scope="session")
def file(made: Made) -> Path:
    """The file of that page."""
    return made.file


@pytest.fixture(scope="session")
def made(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The page of five backends that ran and one that did not."""
    folder = tmp_path_factory.mktemp("posing")
    arrays, card = read_record(reference)
    outcomes = [Outcome("numpy", "complete", folder=reference, seconds=2.0)]
    for i, backend in enumerate(POSING):
        pose(folder / backend, arrays, card, backend, (i + 1) * MOVED[card["dtype"]])
        outcomes.append(
            Outcome(
                backend,
                "complete",
                folder=folder / backend,
                findings=findings(card["dtype"]),
                notes=["posed"],
            )
        )
    outcomes.append(Outcome("pytensor", "not run", "not installed: run `python kit.py setup`"))
    noise = [Noise("numpy twice", 0.0, 0.0, 0.0), Noise("seed 1 for seed 0", 0.3, 0.1, None)]
    comparison = Comparison(3, card["dtype"], card["seed"], "numpy", outcomes, noise, 12.0)
    return Made(comparison, write_page(comparison, folder))


def pose(
    folder: Path, arrays: dict[str, Any], card: dict[str, Any], backend: str, by: float
) -> None:
    """Write the reference's record as another backend's, its losses and weights moved a little."""
    folder.mkdir()
    moved = {
        name: array * (1 + by) if array.dtype.kind == "f" else array
        for name, array in arrays.items()
    }
    np.savez(folder / "record.npz", **moved)
    unsealed = {key: value for key, value in card.items() if key not in SEALED}
    text = json.dumps(unsealed | {"engine": backend}, allow_nan=False)
    (folder / "card.json").write_text(text, encoding="utf-8")


@pytest.fixture
def open_page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Open]:
    """open_page(width, theme, to="#…") → the page that the test's own fixture `file` wrote."""
    file: Path = request.getfixturevalue("file")
    with silent_pages(browser) as opened:
        yield lambda *how, to="", **more: opened(file.as_uri() + to, *how, **more)

"""The claims of lesson 1, on the reference: convergence, Novikoff's bound, XOR's cycle."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import datasets
from course.lesson import Lesson
from course.record import read_record
from course.runner import run_lesson
from course.settings import ROOT, Settings
from tests.waiting import PATIENCE

pytestmark = pytest.mark.lesson1

CLOTHES = [45, 17, 11, 24, 20, 11, 11, 5, 6, 13, 3, 8, 8, 0]  # mistakes, pass by pass


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Callable[..., Lesson]:
    """Lesson 1 on the reference."""
    dtype, device = (request.config.getoption(name) for name in ("--dtype", "--device"))

    def run(out: Path, **settings: Any) -> Lesson:
        return run_lesson(
            1, Settings(backend="numpy", dtype=dtype, device=device, out=str(out), **settings)
        )

    return run


def record(lesson: Lesson) -> dict[str, Any]:
    """The arrays of a run's record."""
    assert lesson.finished_in
    return read_record(lesson.finished_in)[0]


def knobs(arrays: dict[str, Any], name: str) -> Any:
    """Weights and bias in one row, in float64."""
    weights, bias = arrays[f"{name}/param_0"], arrays[f"{name}/param_1"]
    return np.append(weights, bias).astype(float)


@pytest.fixture(scope="module")
def finished(run: Callable[..., Lesson], tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """One whole run, with its figures."""
    return run(tmp_path_factory.mktemp("lesson1"))


def clothes() -> tuple[Any, Any]:
    """Trousers and bags in stored order: 0 and 1 with a 1 for the bias, and −1 and +1."""
    images = datasets.load("fashion10k")
    assert isinstance(images, datasets.Images)
    rows = np.isin(images.y_train, (1, 8))
    x = (images.x_train[rows] > 127).reshape(-1, 784).astype(float)
    return np.column_stack([x, np.ones(len(x))]), np.where(images.y_train[rows] == 1, 1, -1)


def test_trousers_and_bags_part_after_14_passes_and_182_mistakes(finished: Lesson) -> None:
    """A plain loop in whole numbers, without a backend, gives the same to the bit."""
    arrays = record(finished)
    assert arrays["clothes/mistakes"].tolist() == CLOTHES
    assert (len(CLOTHES), sum(CLOTHES)) == (14, 182)
    x, y = clothes()
    w, losses = np.zeros(785), []
    for _ in range(14):
        for row, answer in zip(x, y, strict=True):
            score = row @ w
            losses.append(max(0.0, -answer * score))
            if answer * score <= 0:
                w += answer * row
    assert np.array_equal(arrays["clothes/losses"], losses)
    assert np.array_equal(knobs(arrays, "clothes"), w)
    assert (y * (x @ w) > 0).all()


def test_mistakes_stay_under_novikoffs_bound(finished: Lesson) -> None:
    """(R/γ)² with γ from the line that was found; the lesson prints the same number."""
    x, y = clothes()
    w = knobs(record(finished), "clothes")
    bound = (x**2).sum(1).max() * (w @ w) / (y * (x @ w)).min() ** 2
    assert sum(CLOTHES) <= bound
    assert f"{bound:,.0f}" == "763,461"


@pytest.mark.parametrize("seed", [None, 0, 1, 7, 12, 123, 2**31])
def test_the_plane_parts_for_any_seed(
    run: Callable[..., Lesson], request: pytest.FixtureRequest, tmp_path: Path, seed: int | None
) -> None:
    """28 points, whole numbers, 14 on each side, under the bound of the line rubbed out."""
    today = request.config.getoption("--seed")
    lesson = run(tmp_path, seed=today if seed is None else seed, draw=False)
    mistakes = record(lesson)["plane/mistakes"]
    classes = record(lesson)["plane/predictions"]
    assert mistakes[-1] == 0
    assert mistakes.sum() <= lesson.measures["plane_bound"] <= 1000
    assert sorted(classes.tolist()) == [-1] * 14 + [1] * 14
    assert lesson.accuracies["plane"] == 1


def test_xor_comes_back_to_where_it_began(finished: Lesson) -> None:
    """Four mistakes in every pass, which cancel: after each, all knobs are at zero."""
    arrays = record(finished)
    assert set(arrays["xor/mistakes"].tolist()) == {4}
    assert not knobs(arrays, "xor").any()
    assert finished.accuracies["xor"] < 1


def test_jumping_and_the_backends_own_pass_equal_row_by_row(
    run: Callable[..., Lesson], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lesson compares both with the plain loop, and prints the result."""
    run(tmp_path, draw=False)
    output = capsys.readouterr().out
    assert output.count("exactly equal") == 2
    assert "DIFFERENT" not in output


def test_float32_and_float64_agree_on_every_value(finished: Lesson, tmp_path: Path) -> None:
    """Whole numbers have no rounding errors; the other dtype needs a process of its own."""
    other = {"float32": "float64", "float64": "float32"}[finished.settings.dtype]
    command = [sys.executable, "-m", "course", "lesson1", "--backend=numpy", "--device=cpu"]
    subprocess.run(
        [*command, f"--dtype={other}", f"--out={tmp_path}"], cwd=ROOT, check=True, timeout=PATIENCE
    )
    arrays, _ = read_record(tmp_path / "lesson1" / f"numpy-{other}-cpu-seed0")
    assert set(arrays) == set(record(finished))
    for name, values in record(finished).items():
        assert np.array_equal(values, arrays[name]), name


def test_too_few_passes_are_reported(
    run: Callable[..., Lesson], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """EPOCHS=1 runs, and the lesson does not claim to have learned anything."""
    arrays = record(run(tmp_path, epochs=1, draw=False))
    assert arrays["clothes/mistakes"].tolist() == CLOTHES[:1]
    assert len(arrays["clothes/losses"]) == 2000
    output = capsys.readouterr().out
    assert "Trouser or Bag: not separated yet after 1 of 1 passes" in output


def test_knobs_and_data_of_the_user(run: Callable[..., Lesson], tmp_path: Path) -> None:
    """KNOBS= changes the hand-set price; of other images the first two classes are used."""
    rng = np.random.default_rng(0)
    images, labels = rng.random((60, 5, 7)), rng.integers(2, 5, 60)
    np.savez(
        tmp_path / "mine.npz", x_train=images, y_train=labels, x_test=images[:9], y_test=labels[:9]
    )
    lesson = run(tmp_path, knobs=(54, 236, -8), data=str(tmp_path / "mine.npz"))
    assert lesson.measures["hand_typical_error"] < 0.24
    assert record(lesson)["clothes/param_0"].shape == (35, 1)
    assert len(record(lesson)["clothes/mistakes"]) <= 20


def test_the_card_and_the_figures(finished: Lesson) -> None:
    """At least three figures, each with an alternative text."""
    assert finished.finished_in
    card = json.loads((finished.finished_in / "card.json").read_text(encoding="utf-8"))
    assert (card["lesson"], card["status"], card["data"]) == (1, "complete", "fashion10k")
    assert card["accuracy"] == 0.9775
    assert card["measures"]["clothes_mistakes"] == 182
    assert len(card["figures"]) >= 3
    for figure in card["figures"]:
        assert len(figure["alt"]) > 40
        assert (finished.finished_in / figure["file"]).stat().st_size > 1000

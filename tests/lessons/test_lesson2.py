"""The claims of lesson 2, on the reference: speed limit, closed form, the cost of a search."""

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
from compare.budgets import TRAJECTORY
from course.lesson import Lesson
from course.record import read_record
from course.runner import run_lesson
from course.settings import ROOT, Settings
from tests.waiting import PATIENCE

pytestmark = pytest.mark.lesson2

SEARCHES = [way + size for way in ("random", "plus_minus", "gradient") for size in ("", "_six")]
SHARES = {3: 0.33, 6: 0.675}  # R² in 5-fold cross-validation, as measured apart from this course


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Callable[..., Lesson]:
    """Lesson 2 on the reference."""
    dtype, device = (request.config.getoption(name) for name in ("--dtype", "--device"))

    def run(out: Path, **settings: Any) -> Lesson:
        return run_lesson(
            2, Settings(backend="numpy", dtype=dtype, device=device, out=str(out), **settings)
        )

    return run


@pytest.fixture(scope="module")
def rounding(request: pytest.FixtureRequest) -> float:
    """The budget for two backends' weights in this lesson, and for two methods."""
    return TRAJECTORY[2, request.config.getoption("--dtype")].weights


def record(lesson: Lesson) -> dict[str, Any]:
    """The arrays of a run's record."""
    assert lesson.finished_in
    return read_record(lesson.finished_in)[0]


@pytest.fixture(scope="module")
def finished(run: Callable[..., Lesson], tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """One whole run, with its figures."""
    return run(tmp_path_factory.mktemp("lesson2"))


def lowest(x: Any, y: Any) -> Any:
    """The weights of least squares by the normal equations, which the lesson does not use."""
    x, y = x.astype(float), y.astype(float)
    return np.linalg.solve(x.T @ x, x.T @ y)


@pytest.mark.parametrize("name", ["three", "six"])
def test_gradient_descent_reaches_the_closed_form(
    finished: Lesson, rounding: float, name: str
) -> None:
    """The same weights to the last digits, and a bias that has nothing to do."""
    ran = finished.runs[name]
    assert np.abs(ran.params[0] - lowest(ran.x, ran.y)).max() < rounding
    assert np.abs(ran.params[1]).max() < rounding
    assert ran.losses[0] == pytest.approx(1, abs=rounding)


def test_the_speed_limit_is_2_over_the_largest_curvature(finished: Lesson) -> None:
    """λ_max from second differences of the loss itself: just below it falls, above it grows."""
    below, above = finished.runs["just_below"], finished.measures["just_above_growth"]

    def loss(w: Any) -> float:
        return float(((below.x @ w - below.y[:, 0]) ** 2).mean(dtype=float))

    a, b, o = np.array([1.0, 0]), np.array([0, 1.0]), np.zeros(2)
    cross = loss(a + b) - loss(a) - loss(b) + loss(o)
    hessian = [
        [loss(a) + loss(-a) - 2 * loss(o), cross],
        [cross, loss(b) + loss(-b) - 2 * loss(o)],
    ]
    limit = 2 / np.linalg.eigvalsh(hessian).max()
    assert below.optimizer.learning_rate == pytest.approx(0.95 * limit)
    assert finished.runs["too_high"].optimizer.learning_rate == pytest.approx(3 * limit)
    assert (np.diff(below.losses[:20]) < 0).all()
    best = loss(lowest(below.x, below.y[:, 0]))
    assert below.losses[-1] < 1.01 * best
    assert above > 100


def test_the_diverging_run_stays_finite(finished: Lesson) -> None:
    """It diverges, but fits into float32, so that its first steps can be compared."""
    losses = finished.runs["too_high"].losses
    assert (np.diff(losses) > 0).all()
    assert 1e6 * losses[0] < losses.max() < 1e20


def test_the_cost_of_each_search(finished: Lesson) -> None:
    """Gradient descent needs the fewest evaluations, with six knobs hardly more than with three."""
    arrays = record(finished)
    count = {name: len(arrays[f"search/{name}/losses"]) for name in SEARCHES}
    assert count["gradient"] < count["plus_minus"] < count["random"]
    assert count["gradient_six"] < count["plus_minus_six"] < count["random_six"] == 5000
    assert count["gradient_six"] <= 2 * count["gradient"]


@pytest.mark.parametrize("name", SEARCHES)
def test_searches_record_their_evaluations(finished: Lesson, rounding: float, name: str) -> None:
    """Each loss is that of the knobs beside it, and the search stops at the first good one."""
    arrays, ran = record(finished), finished.runs["six" if name.endswith("_six") else "three"]
    losses, turned = arrays[f"search/{name}/losses"], arrays[f"search/{name}/knobs"]
    again = [((ran.x @ w - ran.y[:, 0]) ** 2).mean() for w in turned]
    assert np.abs(losses - again).max() < rounding * max(losses)
    if name != "random_six":
        best = float(((ran.x @ lowest(ran.x, ran.y) - ran.y) ** 2).mean())
        good_enough = best + 0.05 * (1 - best)
        assert losses[-1] == losses.min()
        assert losses[-1] <= good_enough + rounding
        assert losses[:-1].min() > good_enough - rounding


def test_searches_depend_on_nothing_but_the_seed(
    run: Callable[..., Lesson], finished: Lesson, tmp_path: Path
) -> None:
    """Nor on the precision: searches run in float64, and only their record is rounded."""
    dtype = finished.settings.dtype
    other = {"float32": "float64", "float64": "float32"}[dtype]
    command = [sys.executable, "-m", "course", "lesson2", "--backend=numpy", "--device=cpu"]
    subprocess.run(
        [*command, f"--dtype={other}", f"--out={tmp_path}", "--epochs=1"],
        cwd=ROOT, check=True, timeout=PATIENCE,
    )  # fmt: skip
    (folder,) = (tmp_path / "lesson2").glob(f"numpy-{other}-cpu-seed0-*")
    mine, others = record(finished), read_record(folder)[0]
    seed_1 = record(run(tmp_path, seed=1, draw=False))
    for key in [f"search/{name}/{part}" for name in SEARCHES for part in ("losses", "knobs")]:
        assert np.array_equal(others[key].astype("float32"), mine[key].astype("float32")), key
    assert not np.array_equal(seed_1["search/random/knobs"][:9], mine["search/random/knobs"][:9])


def test_r2_of_three_knobs_and_of_six(finished: Lesson) -> None:
    """As measured apart from this course; folds drawn otherwise move it by some thousandths."""
    for count, share in SHARES.items():
        assert finished.measures[f"r2_{count}_knobs"] == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize("seed", [1, 7])
def test_other_seeds_arrive_too(
    run: Callable[..., Lesson], rounding: float, tmp_path: Path, seed: int
) -> None:
    """Other seeds use another thousand houses."""
    assert run(tmp_path, seed=seed, draw=False).measures["closed_form_gap"] < rounding


def test_one_epoch_and_another_learning_rate(
    run: Callable[..., Lesson], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """EPOCHS and LEARNING_RATE change the main runs, which report that they have not converged."""
    lesson = run(tmp_path, epochs=1, learning_rate=0.1)
    assert len(record(lesson)["six/losses"]) == 1
    assert lesson.runs["six"].optimizer.learning_rate == 0.1
    assert len(record(lesson)["just_below/losses"]) == 40
    assert "not arrived yet" in capsys.readouterr().out


def test_the_rows_are_houses_as_they_were_sold(finished: Lesson) -> None:
    """Predictions, converted to dollars, are near the prices."""
    houses = datasets.load("houses")
    assert isinstance(houses, datasets.Houses)
    rows = np.random.default_rng(0).permutation(len(houses.price))[:1000]
    log_price = np.log(houses.price[rows])
    values = record(finished)["six/predictions"]
    assert values.shape == (1000, 1)
    dollars = np.exp(values[:, 0] * log_price.std() + log_price.mean())
    assert np.median(np.abs(dollars / houses.price[rows] - 1)) < 0.2


def test_the_card_and_the_figures(finished: Lesson) -> None:
    """At least three figures, each with an alternative text."""
    assert finished.finished_in
    card = json.loads((finished.finished_in / "card.json").read_text(encoding="utf-8"))
    assert (card["lesson"], card["status"], card["data"]) == (2, "complete", "houses")
    assert card["accuracy"] is None
    assert card["runs"]["too_high"]["status"] == "diverged"
    assert len(card["figures"]) >= 3
    for figure in card["figures"]:
        assert len(figure["alt"]) > 40
        assert (finished.finished_in / figure["file"]).stat().st_size > 1000

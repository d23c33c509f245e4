"""The claims of lesson 3, on the reference backend."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import datasets
from adapters import Dense, Net, NotFinite
from adapters.laws.tolerances import epsilon
from adapters.numpy_adapter import softmax
from course import optimum
from course.images import first_of_each, flattened, pooled
from course.lesson import Lesson
from course.plotting.charts import row_by_column
from course.record import read_record
from tests.lessons.running import (
    ODD_IMAGES,
    Runner,
    Tables,
    check_figures,
    own_images,
    recorded_tables,
    runner,
)

pytestmark = pytest.mark.lesson3


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Runner:
    """Lesson 3 on the reference."""
    return runner(request, 3)


@pytest.fixture(scope="module")
def ran(run: Runner, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lesson, Tables]:
    """One run, with its figures and tables, that is short but has a last third."""
    with recorded_tables() as tables:
        return run(tmp_path_factory.mktemp("lesson3"), epochs=3), tables


@pytest.fixture
def finished(ran: tuple[Lesson, Tables]) -> Lesson:
    return ran[0]


@pytest.fixture
def tables(ran: tuple[Lesson, Tables]) -> Tables:
    return ran[1]


def test_worked_example() -> None:
    a, b = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[7, 8], [9, 10], [11, 12]])
    figure = row_by_column(a, b)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "1·7 + 2·9 + 3·11 = 58" in texts
    assert texts[12:16] == ["58", "64", "139", "154"]


def small_problem() -> tuple[np.ndarray, np.ndarray]:
    data = datasets.load("fashion10k")
    rows = first_of_each(data.y_train, 200)
    x = pooled(data.x_train[rows]) / 255
    return x - x.mean(0), data.y_train[rows]


def test_every_walker_finds_the_same_optimum(finished: Lesson) -> None:
    """A gradient of norm g is at most g / l2 from the optimum: W is in a strongly convex loss."""
    x, y = small_problem()
    assert x.shape == (2000, 49)
    walk = finished.runs["optimum"].params
    solutions = [walk, optimum.by_lbfgs(x, y, 0.01), optimum.by_scikit_learn(x, y, 0.01)]
    slopes = [slope(params, x, y) for params in solutions]
    # In float64 the walk goes on until the slope is nothing; in float32 until a gradient, a mean of
    # 2,000 terms of at most 1, is lost in the rounding of its sum.
    dtype = str(walk[0].dtype)
    assert optimum.steepness(walk, x, y, 0.01) < (
        1e-9 if dtype == "float64" else 8 * epsilon(dtype)
    )
    for params, left in zip(solutions[:2], slopes[:2], strict=True):
        assert np.linalg.norm(params[0] - solutions[2][0]) <= (left + slopes[2]) / 0.01
    assert optimum.distance(solutions[1], solutions[2]) < 1e-6


def slope(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The norm of the whole gradient."""
    _, gradient = optimum.loss_and_gradient(params, x, y, 0.01)
    return float(np.sqrt(sum((g * g).sum() for g in gradient)))


def test_the_loss_of_the_other_walkers_is_the_reference_s() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(20, 5)), np.arange(20) % 3
    w, b = rng.normal(size=(5, 3)), rng.normal(size=3)
    net = Net((Dense(5, 3),), "softmax", 0.3)
    losses, gradient = softmax(x @ w + b, y)
    loss, (g_w, g_b) = optimum.loss_and_gradient([w, b], x, y, 0.3)
    # twenty rows of five products and an exp and a log: 100 roundings are plenty
    budget = 100 * epsilon("float64") * max(1.0, loss)
    assert abs(loss - (losses.mean() + 0.5 * net.l2 * (w * w).sum())) <= budget
    assert np.abs(g_w - (x.T @ gradient / 20 + 0.3 * w)).max() <= budget
    assert np.abs(g_b - gradient.sum(0) / 20).max() <= budget


@pytest.mark.parametrize("classes", [2, 3])
def test_scikit_learn_solves_our_problem(classes: int) -> None:
    rng = np.random.default_rng(classes)
    x, y = rng.normal(size=(60, 4)), np.arange(60) % classes
    ours = optimum.by_scikit_learn(x, y, 0.05)
    assert optimum.steepness(ours, x, y, 0.05) < 1e-9
    assert optimum.distance(ours, optimum.by_lbfgs(x, y, 0.05)) < 1e-7


def test_the_record(finished: Lesson) -> None:
    assert finished.finished_in
    arrays, card = read_record(finished.finished_in)
    data = datasets.load("fashion10k")
    assert set(card["runs"]) == {"softmax", "optimum"}
    assert card["epochs"] == card["runs"]["softmax"]["epochs"] == 3
    assert card["runs"]["optimum"]["steps"] == 400  # EPOCHS is not for this one
    classes = arrays["softmax/predictions"]
    assert classes.dtype == np.int64
    assert card["accuracy"] == np.mean(classes == data.y_test)
    scores = data.pixels("test") @ arrays["softmax/param_0"] + arrays["softmax/param_1"]
    assert np.mean(classes == scores.argmax(1)) > 0.998  # all but a tie in the last digit
    check_figures(finished)


def test_the_tables_agree_with_the_record(finished: Lesson, tables: Tables) -> None:
    data = datasets.load("fashion10k")
    predicted = finished.arrays["softmax/predictions"]
    classes = tables["Softmax regression on fashion10k"]
    assert classes.column("class") == list(data.class_names)
    shares = []
    for label, (total, recognised) in enumerate(
        zip(classes.column("test pictures"), classes.column("recognised"), strict=True)
    ):
        mine = data.y_test == label
        assert total == str(mine.sum())
        assert recognised == f"{np.mean(predicted[mine] == label):.1%}"
        shares.append(recognised)
    assert len(set(shares)) > 5

    walkers = tables["Three walkers, one lowest point"]
    x, y = small_problem()
    walk = finished.runs["optimum"].params
    loss, steepest = (
        optimum.loss_and_gradient(walk, x, y, 0.01)[0],
        optimum.steepness(walk, x, y, 0.01),
    )
    assert walkers.column("loss")[0] == f"{loss:.12f}"
    assert walkers.column("largest slope left")[0] == f"{steepest:.0e}"
    apart = walkers.column("largest difference of a weight")
    # scikit-learn's weights are what the others are held against
    assert (apart[0], apart[2]) == (f"{finished.measures['optimum_gap']:.0e}", "0e+00")


def test_the_last_third_is_lowered(finished: Lesson) -> None:
    run = finished.runs["softmax"]
    rates = [run.optimizer_at(epoch).learning_rate for epoch in range(run.epochs)]
    assert rates == [0.03, 0.03, 0.003]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("shape", "classes", "kind", "rows"), ODD_IMAGES)
def test_images_of_your_own(
    run: Runner, tmp_path: Path, shape: tuple[int, int], classes: int, kind: str, rows: int
) -> None:
    path = own_images(tmp_path / "own.npz", shape, classes, kind, rows)
    lesson = run(tmp_path / "out", data=path, epochs=2)
    assert lesson.runs["softmax"].params[0].shape == (shape[0] * shape[1], classes)
    check_figures(lesson)


def test_a_class_without_images(run: Runner, tmp_path: Path) -> None:
    lesson = run(tmp_path, data=own_images(tmp_path / "own.npz", without=1), epochs=2)
    assert lesson.runs["softmax"].net.n_out == 3
    assert lesson.runs["optimum"].net.n_out == 2


def test_pooling_takes_means_and_leaves_small_images_alone() -> None:
    images = np.arange(2 * 28 * 28).reshape(2, 28, 28)
    small = pooled(images)
    assert small.shape == (2, 49)
    assert small[1, 8] == images[1, 4:8, 4:8].mean()
    assert np.array_equal(pooled(images[:, :5, :6]), images[:, :5, :6].reshape(2, -1))
    assert pooled(images[:, :27, :16]).shape == (2, 13 * 8)


def test_first_of_each_keeps_the_order() -> None:
    y = np.array([2, 0, 0, 2, 0, 2, 2])
    assert first_of_each(y, 2).tolist() == [0, 1, 2, 3]


def test_flattened_keeps_the_widest_directions() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200, 4)) * [1, 50, 5, 0.1]
    spread = flattened(points).std(0)
    assert np.all(np.diff(spread) < 0)
    assert spread[0] > 40
    assert flattened(points[:, :1]).shape == (200, 2)


def test_an_enormous_rate_is_reported(run: Runner, tmp_path: Path) -> None:
    with pytest.raises(NotFinite, match="learning rate 1e"):
        run(tmp_path, learning_rate=1e300, epochs=1)
    (folder,) = (tmp_path / "lesson3").iterdir()
    assert json.loads((folder / "card.json").read_text("utf-8"))["status"] == "diverged"


@pytest.mark.slow
def test_ten_seeds_reach_83_percent(run: Runner, tmp_path: Path) -> None:
    accuracies = {seed: run(tmp_path, seed=seed, draw=False).accuracies for seed in range(10)}
    assert min(of["softmax"] for of in accuracies.values()) >= 0.83, accuracies

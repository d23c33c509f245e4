"""The claims of lesson 4, on the reference backend."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import numpy as np
import pytest

import datasets
from adapters import Dense, Net
from adapters.laws.tolerances import epsilon
from course.lesson import Lesson
from course.randomness import initial_weights
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

pytestmark = pytest.mark.lesson4

RUNS = ["softmax", "sgd", "momentum", "adam", "tanh"]


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Runner:
    """Lesson 4 on the reference."""
    return runner(request, 4)


@pytest.fixture(scope="module")
def ran(run: Runner, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lesson, Tables]:
    """One run, with its figures and tables, that is short but has a last third."""
    with recorded_tables() as tables:
        return run(tmp_path_factory.mktemp("lesson4"), epochs=3), tables


@pytest.fixture
def finished(ran: tuple[Lesson, Tables]) -> Lesson:
    return ran[0]


@pytest.fixture
def tables(ran: tuple[Lesson, Tables]) -> Tables:
    return ran[1]


def test_two_linear_layers_are_one(run: Runner, finished: Lesson) -> None:
    """The backend's own forward pass: identity in between is one layer, a relu is not."""
    dtype = finished.Model.dtype
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 20)).astype(dtype)

    def scores(params: list[np.ndarray], *layers: Dense) -> np.ndarray:
        net = Net(layers, "softmax")
        return finished.Model(net, params, finished.runs["sgd"].optimizer).forward(x)

    params = initial_weights(Net((Dense(20, 15), Dense(15, 4)), "softmax"), 0)
    w1, b1, w2, b2 = params
    one = scores([w1 @ w2, b1 @ w2 + b2], Dense(20, 4))
    two = scores(params, Dense(20, 15), Dense(15, 4))
    nonlinear = scores(params, Dense(20, 15, "relu"), Dense(15, 4))
    # each score is a sum of 20 · 15 products of numbers of order one
    assert np.abs(one - two).max() <= 300 * epsilon(dtype)
    assert np.abs(one - nonlinear).max() > 0.1


def test_every_run_is_there(finished: Lesson) -> None:
    assert list(finished.runs) == RUNS
    assert [finished.runs[name].net.layers for name in RUNS[1:4]] == [
        finished.runs["adam"].net.layers
    ] * 3
    assert {layer.activation for layer in finished.runs["tanh"].net.layers} == {"tanh", "identity"}
    assert len(finished.runs["tanh"].losses) <= 470
    starts = [finished.runs[name].initial for name in RUNS[1:4]]
    for start in starts[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(start, starts[0], strict=True))


def test_the_opponent_is_lesson_3(
    request: pytest.FixtureRequest, finished: Lesson, tmp_path: Path
) -> None:
    """Number by number: the same settings, seed and batches."""
    other = runner(request, 3)(tmp_path, epochs=3, draw=False)
    for key in ("losses", "param_0", "param_1", "predictions"):
        assert np.array_equal(finished.arrays[f"softmax/{key}"], other.arrays[f"softmax/{key}"])
    a, b = finished.runs["softmax"], other.runs["softmax"]
    assert (a.net, a.optimizer, a.lower_by) == (b.net, b.optimizer, b.lower_by)


def test_both_lessons_train_equally_long_by_default(
    request: pytest.FixtureRequest, finished: Lesson, tmp_path: Path
) -> None:
    other = runner(request, 3)(tmp_path, epochs=1, draw=False)
    assert finished.chosen["epochs"][1] == other.chosen["epochs"][1]


def test_the_record(finished: Lesson) -> None:
    assert finished.finished_in
    arrays, card = read_record(finished.finished_in)
    y_test = datasets.load("fashion10k").y_test
    for name in RUNS:
        assert arrays[f"{name}/predictions"].dtype == np.int64
        right = np.mean(arrays[f"{name}/predictions"] == y_test)
        assert card["runs"][name]["accuracy"] == right
    runs = card["runs"]
    assert card["accuracy"] == runs["momentum"]["accuracy"]
    gain = runs["momentum"]["accuracy"] - runs["softmax"]["accuracy"]
    assert abs(card["measures"]["gain"] - gain) <= 4 * epsilon("float64")
    check_figures(finished)


def test_the_last_table_agrees_with_the_record(finished: Lesson, tables: Tables) -> None:
    arrays, card = read_record(finished.finished_in)
    table = tables["On the same 2,000 test pictures"]
    assert table.column("") == RUNS
    accuracies = [card["runs"][name]["accuracy"] for name in RUNS]
    assert len(set(accuracies)) == len(RUNS)  # or one in another's row would not show
    assert table.column("test accuracy") == [f"{a:.2%}" for a in accuracies]
    assert table.column("against softmax") == [
        f"{100 * (a - accuracies[0]):+.2f} points" for a in accuracies
    ]
    assert table.column("final loss") == [f"{arrays[f'{name}/losses'][-1]:.4f}" for name in RUNS]
    assert table.column("epochs") == [str(card["runs"][name]["epochs"]) for name in RUNS]
    count = {name: sum(arrays[f"{name}/param_{i}"].size for i in range(6)
                       if f"{name}/param_{i}" in arrays) for name in RUNS}  # fmt: skip
    assert table.column("knobs") == [f"{count[name]:,}" for name in RUNS]


def test_the_table_of_the_layers_has_a_row_for_each(finished: Lesson, tables: Tables) -> None:
    """What they are is drawn, too: a probe and a spread for each, and each its own."""
    table = tables["What each layer knows (momentum)"]
    layers = finished.runs["momentum"].net.layers
    assert table.column("numbers") == [str(n) for n in (784, *(layer.n_out for layer in layers))]
    for name in ("linear probe", "spread between the classes"):
        shares = [float(cell.rstrip("%")) / 100 for cell in table.column(name)]
        assert all(0 < share <= 1 for share in shares)
        assert len(set(shares)) == len(shares)
    by_hand = tables["XOR, by hand"]
    assert by_hand.column("first − 2 · second") == ["0", "1", "1", "0"]


def test_the_last_third_is_lowered(finished: Lesson) -> None:
    for name in RUNS:
        run = finished.runs[name]
        first, second, third = (run.optimizer_at(epoch).learning_rate for epoch in range(3))
        assert first == second == pytest.approx(10 * third)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("shape", "classes", "kind", "rows"), ODD_IMAGES)
def test_images_of_your_own(
    run: Runner, tmp_path: Path, shape: tuple[int, int], classes: int, kind: str, rows: int
) -> None:
    path = own_images(tmp_path / "own.npz", shape, classes, kind, rows)
    lesson = run(tmp_path / "out", data=path, epochs=2)
    assert lesson.runs["adam"].params[-1].shape == (classes,)
    check_figures(lesson)


def test_a_class_without_images(run: Runner, tmp_path: Path) -> None:
    lesson = run(tmp_path, data=own_images(tmp_path / "own.npz", without=1), epochs=2)
    assert lesson.runs["momentum"].net.n_out == 3


@pytest.mark.slow
def test_deep_is_better_by_two_points(run: Runner, tmp_path: Path) -> None:
    gains = [run(tmp_path, seed=seed, draw=False).measures["gain"] for seed in range(5)]
    assert mean(gains) >= 0.02, gains

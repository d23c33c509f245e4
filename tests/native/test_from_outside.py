"""What a lesson's record claims, computed once more from the raw files and from what the text says.

Backends are compared with each other, so a mistake that all of them share, in the course, the data
sets or a lesson's file, is seen only here. Nothing below uses the course's training loop, initial
weights, batches, losses or metrics.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compare.native.run import run as run_program
from compare.native.witness import gaps
from course.lessons import NATIVE
from tests.native.by_hand import LESSON_3, OPPONENTS, RUNS, Recipe, recipe_of, scores, train
from tests.native.conftest import ROWS, Give, Given, Run
from triptych import lesson_data

ROUNDING = 1e-11  # as between two backends in float64, compare/budgets.py
# A mean or a variance of n independent numbers is off by so many of its standard deviations once
# in two million draws.
DEVIATIONS = 5.0
RAW = lesson_data.FRESH


def raw(given: Given) -> lesson_data.LessonData:
    """The rows straight from the raw files."""
    number, seed = given.number, given.settings.seed
    return lesson_data.houses(seed) if number == 2 else RAW[number]()


@pytest.mark.parametrize("number", NATIVE, ids=lambda n: f"lesson{n}")
def test_the_rows_are_those_of_the_raw_files(given: Give, number: int) -> None:
    """Bit for bit: which rows, in which order, in which half, at which scale, with which label."""
    lesson = given(number)
    expected = raw(lesson)
    for name in ("x", "y", "x_test", "y_test"):
        assert np.array_equal(lesson.fixed[name], getattr(expected, name)), name


@pytest.mark.parametrize("number", [1, 3, 4, 7])
def test_no_row_to_test_on_was_trained_on(given: Give, number: int) -> None:
    fixed = given(number).fixed
    trained, tested = (
        {row.tobytes() for row in fixed[name].astype(np.float32)} for name in ("x", "x_test")
    )
    # Of 28 × 28 black-and-white pixels a few pictures are alike, of grey ones none.
    assert len(trained & tested) <= (2 if number == 1 else 0)


# Lessons 7 and 8 on few rows, below: on all of them they take most of a minute.
ON_ALL = [pytest.param(n, marks=[pytest.mark.slow] * (n >= 7)) for n in NATIVE]


@pytest.mark.parametrize("number", ON_ALL, ids=lambda n: f"lesson{n}")
def test_the_numpy_program_has_the_numbers_of_the_record(ran: Run, number: int) -> None:
    lesson = ran(number)
    left = run_program(lesson.number, "numpy", lesson.file)
    over = [str(g) for g in gaps(lesson.number, "numpy", left, lesson.record, lesson.fixed)
            if not g.holds]  # fmt: skip
    assert over == []


def test_lesson_1_goes_on_until_a_whole_pass_is_right(ran: Run) -> None:
    few = ran(1, few=True)
    losses, rows = few.arrays["clothes/losses"], len(few.fixed["x"])
    mistakes = [(of_pass > 0).sum() for of_pass in np.split(losses, len(losses) // rows)]
    assert mistakes[-1] == 0
    assert 1 in mistakes, "or it would not show whether one is few enough"
    left = run_program(1, "numpy", few.file)
    assert all(g.holds for g in gaps(1, "numpy", left, few.record, few.fixed))


@pytest.mark.parametrize("number", [3, 4, 7])
def test_a_last_batch_that_is_not_full_is_trained_on(ran: Run, number: int) -> None:
    few = ran(number, few=True)
    assert len(few.fixed["x"]) % 100
    left = run_program(number, "numpy", few.file)
    assert all(g.holds for g in gaps(number, "numpy", left, few.record, few.fixed))


# Every run, from the initial weights and orders in the file, by a loop that is not the course's.


@pytest.mark.parametrize(("number", "name"), RUNS)
def test_each_run_is_what_the_text_says(ran: Run, number: int, name: str) -> None:
    lesson, recipe = ran(number, few=True), recipe_of(number, name)
    fixed, arrays = lesson.fixed, lesson.arrays
    weights = [fixed[f"weight_{i}"] for i in range(sum(k.startswith("weight_") for k in fixed))]
    if not recipe.hidden:
        weights = [np.zeros((fixed["x"].shape[1], 10)), np.zeros(10)]
    elif recipe.bend == "tanh":
        weights = [lesson.names["lesson"].runs[name].initial[i] for i in range(6)]
    losses, params = train(recipe, weights, fixed["orders"][: recipe.epochs], fixed["x"],
                           fixed["y"])  # fmt: skip
    assert np.abs(arrays[f"{name}/losses"] - losses).max() <= ROUNDING * losses[0]
    for i, p in enumerate(params):
        assert np.abs(arrays[f"{name}/param_{i}"] - p).max() <= ROUNDING, i


@pytest.mark.parametrize(("number", "name"), [(5, "ours"), (6, "one"), (7, "dense")])
def test_the_run_that_others_are_held_against_is_what_the_text_says(
    ran: Run, number: int, name: str
) -> None:
    """Of a lesson whose native programs, if it has any, train another run."""
    lesson, data = ran(number, few=True), lesson_data.clothes()
    done, recipe = lesson.names["lesson"].runs[name], OPPONENTS[number]
    n = len(done.x)
    assert np.array_equal(done.x.reshape(n, -1), data.x[:n])
    assert np.array_equal(done.y, data.y[:n])
    orders = np.stack([done.order(epoch) for epoch in range(done.epochs)])
    losses, params = train(recipe, done.initial, orders, data.x[:n], data.y[:n])
    assert np.abs(lesson.arrays[f"{name}/losses"] - losses).max() <= ROUNDING * losses[0]
    for i, p in enumerate(params):
        assert np.abs(lesson.arrays[f"{name}/param_{i}"] - p).max() <= ROUNDING, i
    hits = scores(params, data.x_test[: ROWS["test"]], recipe.bend)[-1].argmax(1)
    share = (hits == data.y_test[: ROWS["test"]]).mean()
    assert lesson.record[1]["runs"][name]["accuracy"] == share


def test_the_walk_to_the_lowest_point_is_gradient_descent_on_all_rows(ran: Run) -> None:
    lesson = ran(3, few=True)
    names, arrays = lesson.names, lesson.arrays
    recipe = Recipe((), "relu", 1 / names["steepest"], 0.9, l2=0.01, lower_by=1.0, batch_size=10**6)
    x, y = names["small"], names["labels"]
    orders = np.tile(np.arange(len(x)), (400, 1))
    losses, params = train(
        recipe, [np.zeros((x.shape[1], y.max() + 1)), np.zeros(y.max() + 1)], orders, x, y
    )
    assert np.abs(arrays["optimum/losses"] - losses).max() <= ROUNDING * losses[0]
    assert np.abs(arrays["optimum/param_0"] - params[0]).max() <= ROUNDING


# The initial weights and orders, against what is published about them.


def initial(ran: Run, seed: int, bend: str) -> list[Any]:
    return list(ran(4, few=True, seed=seed).names["lesson"].runs[bend].initial)


@pytest.mark.parametrize(("name", "layer", "variance"), [
    ("momentum", 0, 2 / 784),  # before a relu: He et al. 2015, equation 10, by the fan-in
    ("momentum", 1, 2 / 128),
    ("momentum", 2, 2 / (64 + 10)),  # before the softmax: Glorot & Bengio 2010, equation 12
    ("tanh", 0, 2 / (784 + 128)),
    ("tanh", 1, 2 / (128 + 64)),
    ("tanh", 2, 2 / (64 + 10)),
])  # fmt: skip
@pytest.mark.parametrize("seed", [0, 7])
def test_initial_weights_have_the_published_variance(
    ran: Run, seed: int, name: str, layer: int, variance: float
) -> None:
    kernel, bias = initial(ran, seed, name)[2 * layer : 2 * layer + 2]
    n = kernel.size
    z = kernel.ravel() / np.sqrt(variance)  # normal, so these moments have these deviations:
    assert not bias.any()
    assert abs(z.mean()) <= DEVIATIONS / np.sqrt(n)
    assert abs((z**2).mean() - 1) <= DEVIATIONS * np.sqrt(2 / n)
    assert abs((z**4).mean() - 3) <= DEVIATIONS * np.sqrt(96 / n)
    neighbours = (z[1:] * z[:-1]).mean(), (kernel[1:] * kernel[:-1]).mean() / variance
    assert max(map(abs, neighbours)) <= DEVIATIONS / np.sqrt(n - kernel.shape[1])


def test_every_seed_and_layer_has_weights_of_its_own(ran: Run) -> None:
    """No two kernels have numbers in common, whatever they are multiplied by."""
    kernels = [w.ravel() for seed in (0, 7) for w in initial(ran, seed, "momentum")[::2]]
    for a, b in combinations(kernels, 2):
        n = min(a.size, b.size)
        correlation = np.corrcoef(a[:n], b[:n])[0, 1]
        assert abs(correlation) <= DEVIATIONS / np.sqrt(n)


def test_initial_weights_are_drawn_in_float64(ran: Run) -> None:
    for kernel in initial(ran, 0, "momentum")[::2]:
        assert (kernel.astype(np.float32) != kernel).mean() > 0.9


def test_every_epoch_of_every_seed_has_an_order_of_its_own(given: Give) -> None:
    """Each row once in an epoch, and no order like the stored one or another's."""
    orders = np.concatenate([given(4, few=True, seed=seed).fixed["orders"] for seed in (0, 1, 7)])
    n = orders.shape[1]
    assert (np.sort(orders, axis=1) == np.arange(n)).all()
    centred = np.vstack([orders, np.arange(n)]) - (n - 1) / 2
    correlation = centred @ centred.T / (centred[0] @ centred[0])
    np.fill_diagonal(correlation, 0)
    # Two independent orders correlate by 1/√(n − 1) or so: the variance of Spearman's ρ.
    assert np.abs(correlation).max() <= DEVIATIONS / np.sqrt(n - 1)


def test_the_record_trained_on_these_orders(ran: Run) -> None:
    """The order that the file has is the one that was used: the same losses step by step."""
    lesson = ran(3)
    x, y, orders = (lesson.fixed[name] for name in ("x", "y", "orders"))
    losses, _ = train(LESSON_3["softmax"], [np.zeros((784, 10)), np.zeros(10)], orders, x, y)
    assert np.abs(lesson.arrays["softmax/losses"] - losses).max() <= ROUNDING * losses[0]


def test_the_file_is_of_its_lesson(ran: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(lesson_data.FILE, str(ran(3, few=True).file))
    assert len(lesson_data.load(3).x) == 430
    with pytest.raises(ValueError, match="holds lesson 3, not 4"):
        lesson_data.load(4)


def test_by_itself_a_program_has_rows_weights_and_orders_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(lesson_data.FILE, raising=False)
    for number in NATIVE:
        one, other = lesson_data.load(number), lesson_data.load(number)
        assert one.weights == []
        assert one.x.dtype == (np.int64 if number == 8 else np.float32)  # letters, or pictures
        assert one.orders.shape == (one.epochs, len(one.x))
        assert not np.array_equal(one.orders, other.orders)
    with pytest.raises(ValueError, match="lesson 9 has no data here"):
        lesson_data.load(9)


def test_raw_files_lie_where_the_loader_looks() -> None:
    assert any((folder / "fashion10k.npz").is_file() for folder in lesson_data.FOLDERS)
    assert Path(lesson_data.HERE).name == "triptych"

"""What a lesson's record claims, computed once more from the raw files and from what the text says.

Backends are compared with each other, so a mistake that all of them share, in the course, the data
sets or a lesson's file, is seen only here. Nothing below uses the course's training loop, initial
weights, batches, losses or metrics.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compare.native.run import run as run_program
from compare.native.witness import gaps
from course.lessons import NATIVE
from tests.native.by_hand import LESSON_3, LESSON_4, LESSONS_5_AND_6, Recipe, scores, train
from tests.native.conftest import ROWS, Ran, Run
from triptych import lesson_data

ROUNDING = 1e-11  # as between two backends in float64, compare/budgets.py
# A mean or a variance of n independent numbers is off by so many of its standard deviations once
# in two million draws.
DEVIATIONS = 5.0
RAW = {1: lesson_data.trousers_and_bags, 3: lesson_data.clothes, 4: lesson_data.clothes}


def raw(ran: Ran) -> lesson_data.LessonData:
    """The rows straight from the raw files."""
    number, seed = ran.number, ran.settings.seed
    return lesson_data.houses(seed) if number == 2 else RAW[number]()


def test_the_rows_are_those_of_the_raw_files(lesson: Ran) -> None:
    """Bit for bit: which rows, in which order, in which half, at which scale, with which label."""
    expected = raw(lesson)
    for name in ("x", "y", "x_test", "y_test"):
        assert np.array_equal(lesson.fixed[name], getattr(expected, name)), name


@pytest.mark.parametrize("number", [1, 3, 4])
def test_no_row_to_test_on_was_trained_on(ran: Run, number: int) -> None:
    fixed = ran(number).fixed
    trained, tested = (
        {row.tobytes() for row in fixed[name].astype(np.float32)} for name in ("x", "x_test")
    )
    # Of 28 × 28 black-and-white pixels a few pictures are alike, of grey ones none.
    assert len(trained & tested) <= (2 if number == 1 else 0)


def test_the_numpy_program_has_the_numbers_of_the_record(lesson: Ran) -> None:
    left = run_program(lesson.number, "numpy", lesson.file)
    over = [str(g) for g in gaps(lesson.number, "numpy", left, lesson.record, lesson.fixed)
            if not g.holds]  # fmt: skip
    assert over == []


@pytest.mark.parametrize("number", [3, 4])
def test_a_last_batch_that_is_not_full_is_trained_on(ran: Run, number: int) -> None:
    few = ran(number, few=True)
    assert len(few.fixed["x"]) % 100
    left = run_program(number, "numpy", few.file)
    assert all(g.holds for g in gaps(number, "numpy", left, few.record, few.fixed))


# Every run, from the initial weights and orders in the file, by a loop that is not the course's.

RUNS = [(3, name) for name in LESSON_3] + [(4, name) for name in LESSON_4]


def recipe_of(number: int, name: str) -> Recipe:
    return (LESSON_3 if number == 3 else LESSON_4)[name]


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


@pytest.mark.parametrize(("number", "name"), [(5, "ours"), (6, "one")])
def test_the_run_that_others_are_held_against_is_what_the_text_says(
    ran: Run, number: int, name: str
) -> None:
    """Of lessons 5 and 6, which have no native programs."""
    lesson, data = ran(number, few=True), lesson_data.clothes()
    done, recipe = lesson.names["lesson"].runs[name], LESSONS_5_AND_6[number]
    n = len(done.x)
    assert np.array_equal(done.x, data.x[:n])
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


def test_every_epoch_of_every_seed_has_an_order_of_its_own(ran: Run) -> None:
    """Each row once in an epoch, and no order like the stored one or another's."""
    orders = np.concatenate([ran(4, few=True, seed=seed).fixed["orders"] for seed in (0, 1, 7)])
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


# Predictions, accuracies and tables.


def right(lesson: Ran, name: str) -> Any:
    """Which test images the run's final weights recognise, by the raw labels."""
    arrays, data = lesson.arrays, lesson.fixed
    params = [arrays[f"{name}/param_{i}"]
              for i in range(sum(key.startswith(f"{name}/param_") for key in arrays))]  # fmt: skip
    predicted = scores(params, data["x_test"], recipe_of(lesson.number, name).bend)[-1].argmax(1)
    assert np.array_equal(arrays[f"{name}/predictions"], predicted)
    return predicted == data["y_test"]


@pytest.mark.parametrize(("number", "name"), RUNS)
def test_accuracy_is_the_share_of_test_images_that_are_right(
    ran: Run, number: int, name: str
) -> None:
    lesson = ran(number)
    assert lesson.record[1]["runs"][name]["accuracy"] == right(lesson, name).mean()


def test_lesson_4_prints_the_numbers_of_each_run_in_its_row(ran: Run) -> None:
    lesson = ran(4)
    shares = {name: right(lesson, name).mean() for name in LESSON_4}
    expected = []
    for name, recipe in LESSON_4.items():
        sizes = (784, *recipe.hidden, 10)
        knobs = sum((a + 1) * b for a, b in pairwise(sizes))
        epochs = min(3, recipe.epochs or 3)
        expected.append([
            name, f"{knobs:,}", str(epochs), f"{lesson.arrays[f'{name}/losses'][-1]:.4f}",
            f"{shares[name]:.2%}", f"{100 * (shares[name] - shares['softmax']):+.2f} points",
        ])  # fmt: skip
    assert lesson.tables["On the same 2,000 test pictures"] == expected


def test_lesson_4_probes_the_layers_of_its_network(ran: Run) -> None:
    """A classifier by least squares on each layer's output, and the spread between classes."""
    lesson = ran(4)
    data = lesson.fixed
    params = [lesson.arrays[f"momentum/param_{i}"] for i in range(6)]
    train_side, test_side = (scores(params, data[x], "relu")[:-1] for x in ("x", "x_test"))
    rows = lesson.tables["What each layer knows (momentum)"]
    for a, b, (_, width, accuracy, apart) in zip(train_side, test_side, rows, strict=False):
        ones = [np.hstack([v, np.ones((len(v), 1))]) for v in (a, b)]
        ridge = 1e-4 * len(a) * np.eye(ones[0].shape[1])
        targets = np.eye(10)[data["y"]]
        solved = np.linalg.solve(ones[0].T @ ones[0] + ridge, ones[0].T @ targets)
        share = ((ones[1] @ solved).argmax(1) == data["y_test"]).mean()
        between = sum(
            (data["y_test"] == c).sum() * ((b[data["y_test"] == c].mean(0) - b.mean(0)) ** 2).sum()
            for c in range(10)
        ) / ((b - b.mean(0)) ** 2).sum()  # fmt: skip
        assert [width, accuracy, apart] == [str(a.shape[1]), f"{share:.1%}", f"{between:.0%}"]


def test_lesson_3_prints_how_many_of_each_class_it_recognises(ran: Run) -> None:
    lesson = ran(3)
    hits, labels = right(lesson, "softmax"), lesson.fixed["y_test"]
    rows = lesson.tables["Softmax regression on fashion10k"]
    assert [row[1:] for row in rows] == [
        [str((labels == c).sum()), f"{hits[labels == c].mean():.1%}"] for c in range(10)
    ]


def test_lesson_3_counts_what_is_taken_for_what(ran: Run) -> None:
    lesson = ran(3)
    said, labels = lesson.arrays["softmax/predictions"], lesson.fixed["y_test"]
    expected = [[((labels == i) & (said == j)).sum() for j in range(10)] for i in range(10)]
    assert np.array_equal(lesson.names["counts"], expected)


def test_lesson_2_prints_the_weights_of_both_ways(ran: Run) -> None:
    lesson = ran(2)
    x, y = lesson.fixed["x"], lesson.fixed["y"][:, 0]
    closed = np.linalg.solve(x.T @ x, x.T @ y)
    rows = lesson.tables["Six knobs, two ways"]
    for row, found, exact in zip(rows, lesson.arrays["six/param_0"][:, 0], closed, strict=True):
        assert row[1:] == [f"{found:+.6f}", f"{exact:+.6f}"]


def test_lesson_2_prints_evaluations_and_loss_of_each_way(ran: Run) -> None:
    lesson = ran(2)
    rows = lesson.tables["To 95% of the way, and all the way"]
    whole = [row for row in rows if row[0].startswith("all the way")]
    for name, row in zip(("three", "six"), whole, strict=True):
        losses = lesson.arrays[f"{name}/losses"]
        knobs = len(lesson.arrays[f"{name}/param_0"])
        assert [row[1], row[2], row[4]] == [str(knobs), str(len(losses)), f"{losses[-1]:.4f}"]
    searched = {key.split("/")[1] for key in lesson.arrays if key.startswith("search/")}
    printed = {(row[2], row[4].removesuffix(", not there")) for row in rows}
    for name in searched:
        losses = lesson.arrays[f"search/{name}/losses"]
        assert (str(len(losses)), f"{losses.min():.4f}") in printed, name


def test_lesson_1_prints_what_each_job_took(ran: Run) -> None:
    lesson = ran(1)
    for name, rows, knobs, passes, mistakes, _, separated in lesson.tables[
        "One neuron, three jobs"
    ]:
        counted = lesson.arrays[f"{name}/mistakes"]
        assert int(knobs) == lesson.arrays[f"{name}/param_0"].size + 1
        assert int(rows) * int(passes) == len(lesson.arrays[f"{name}/losses"])
        assert [int(passes), int(mistakes)] == [len(counted), counted.sum()]
        assert separated == ("yes" if counted[-1] == 0 else "no")


def test_lesson_1_promises_what_novikoff_proved(ran: Run) -> None:
    """(R/γ)² of the separator that was found, computed from the record alone."""
    lesson = ran(1)
    x, y = lesson.fixed["x"], lesson.fixed["y"][:, 0]
    w = np.append(lesson.arrays["clothes/param_0"], lesson.arrays["clothes/param_1"])
    ones = np.hstack([x, np.ones((len(x), 1))])
    margin = (y * (ones @ w)).min() / np.sqrt(w @ w)
    row = next(r for r in lesson.tables["One neuron, three jobs"] if r[0] == "clothes")
    assert row[5] == f"{(ones**2).sum(1).max() / margin**2:,.0f}"
    assert int(row[4]) <= (ones**2).sum(1).max() / margin**2


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
        assert one.x.dtype == np.float32
        assert one.orders.shape == (one.epochs, len(one.x))
        assert not np.array_equal(one.orders, other.orders)
    with pytest.raises(ValueError, match="lesson 9 has no data here"):
        lesson_data.load(9)


def test_raw_files_lie_where_the_loader_looks() -> None:
    assert any((folder / "fashion10k.npz").is_file() for folder in lesson_data.FOLDERS)
    assert Path(lesson_data.HERE).name == "triptych"

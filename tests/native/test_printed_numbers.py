"""The numbers that a lesson prints, computed once more from its record and the raw files."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.native.by_hand import LESSON_4, RUNS, recipe_of, scores
from tests.native.conftest import Ran, Run


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
    answered, labels = lesson.arrays["softmax/predictions"], lesson.fixed["y_test"]
    expected = [[((labels == i) & (answered == j)).sum() for j in range(10)] for i in range(10)]
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
    lesson = ran(1, few=True)
    x, y = lesson.fixed["x"], lesson.fixed["y"][:, 0]
    w = np.append(lesson.arrays["clothes/param_0"], lesson.arrays["clothes/param_1"])
    ones = np.hstack([x, np.ones((len(x), 1))])
    margin = (y * (ones @ w)).min() / np.sqrt(w @ w)
    row = next(r for r in lesson.tables["One neuron, three jobs"] if r[0] == "clothes")
    assert row[5] == f"{(ones**2).sum(1).max() / margin**2:,.0f}"
    assert int(row[4]) <= (ones**2).sum(1).max() / margin**2

"""A budget belongs to a network and its number of steps, and a lesson has that of its largest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters import _process_settings
from adapters.contract import Dense, Net, TriptychError
from adapters.layers import Attention, Conv2D, Embedding, Flatten, Mean, Pool2D, Residual
from compare import budgets
from compare.budgets import EPS64, TRAJECTORY
from compare.findings import why_chaotic
from course.lesson_context import LessonContext, StopLesson
from course.networks import as_json
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run
from tests.images import small_images
from tests.injections.conftest import short_specs
from tests.judging.test_gaps_and_budgets import DERIVED

WINDOWS = Net((Conv2D(1, 2), Mean(), Dense(2, 3)), "softmax", input_shape=(28, 28, 1))
LOOKS = Net((Embedding(5, 4), Residual((Attention(4),)), Dense(4, 5)), "softmax", 0.0, (16,))
LAYERS = Net((Dense(784, 128, "relu"), Dense(128, 10)), "softmax", 1e-3)
OF_KINDS = {
    "perceptron": Net((Dense(35, 1),), "perceptron"), "line": Net((Dense(6, 1),), "squared"),
    "one layer": Net((Dense(784, 10),), "softmax"), "layers": LAYERS, "windows": WINDOWS,
    "attention": LOOKS,
}  # fmt: skip
TAKES = {5: "ours", 6: "one"}  # lessons that are not traced, and the first run of each


@pytest.mark.parametrize("kind", OF_KINDS)
def test_each_kind_of_network_has_a_budget(kind: str) -> None:
    assert budgets.kind_of(OF_KINDS[kind]) == kind
    for dtype, budget in zip(budgets.DTYPES, budgets.KINDS[kind], strict=True):
        derived = budgets.budget_of_net(OF_KINDS[kind], 2000, dtype)
        assert derived == replace(budget, places=derived.places)
        assert derived.is_exact == (kind == "perceptron")


@pytest.mark.parametrize(("lesson", "dtype"), [k for k in DERIVED if k != (6, "float32")])
def test_a_lesson_has_the_budget_of_its_largest_network(lesson: int, dtype: str) -> None:
    """So the figures above are derived; the one exception is documented."""
    kind = budgets.LARGEST[lesson]
    derived = budgets.budget_of_net(OF_KINDS[kind], 0, dtype)
    assert replace(TRAJECTORY[lesson, dtype], places=derived.places) == derived


def dtype_here() -> str:
    """The precision of this process; the kind of a network does not depend on it."""
    return str(_process_settings.get("dtype", "float64"))


@pytest.mark.parametrize("lesson", [1, 2, 3, 4])
def test_the_networks_of_lessons_are_of_the_kinds_named(lesson: int) -> None:
    kinds = {budgets.kind_of(spec.net) for spec in short_specs(lesson, dtype_here(), 0)}
    order = list(budgets.KINDS)
    assert max(kinds, key=order.index) == budgets.LARGEST[lesson]


@pytest.mark.parametrize("lesson", TAKES)
def test_so_are_those_of_lessons_that_are_not_traced(lesson: int, tmp_path: Path) -> None:
    taken: list[Run] = []

    def take(run: Run) -> None:
        taken.append(run)
        raise StopLesson

    data, out = small_images(tmp_path), str(tmp_path / "out")
    settings = Settings("numpy", dtype_here(), "auto", 0, data=data, out=out, draw=False)
    run_lesson(lesson, settings, LessonContext(train=take))
    assert [(run.name, budgets.kind_of(run.net)) for run in taken] == [
        (TAKES[lesson], budgets.LARGEST[lesson])
    ]


def test_a_longer_run_has_a_wider_budget() -> None:
    usual, long = (budgets.budget_of_net(LAYERS, n, "float32") for n in (2000, 6000))
    assert (long.absolute, long.relative, long.weights) == pytest.approx(
        (3 * usual.absolute, 3 * usual.relative, 3 * usual.weights), rel=1e-12
    )
    assert long.labels == usual.labels


def card_of(lesson: int, dtype: str, **nets: Net) -> dict[str, Any]:
    runs = {name: as_json(net) | {"steps": 100} for name, net in nets.items()}
    return {"lesson": lesson, "dtype": dtype, "runs": runs}


def test_a_run_of_a_lesson_without_a_budget_has_its_networks() -> None:
    card = card_of(99, "float64", one=OF_KINDS["one layer"], windows=WINDOWS)
    assert budgets.budget_of_run(card, "one").weights == 4500 * EPS64
    windows = budgets.budget_of_run(card, "windows")
    assert (windows.weights, windows.places) == (45000 * EPS64, 26 * 26)
    assert budgets.budget_of_run(card, "own loop") == windows  # the widest
    assert budgets.budget_of_run(card | {"lesson": 4}, "one") is TRAJECTORY[4, "float64"]
    assert TRAJECTORY[4, "float64"].places == 1  # of a dense layer, each row is one product
    with pytest.raises(TriptychError, match="lesson 99 has no budget of its own in float64"):
        budgets.budget_of_run(card_of(99, "float64"), "own loop")


def test_more_of_a_gradient_may_be_rounding_where_a_sum_has_more_terms() -> None:
    assert budgets.magnified(LAYERS) == budgets.MAGNIFIED
    assert budgets.magnified(WINDOWS) == pytest.approx(26 * budgets.MAGNIFIED)
    assert budgets.magnified(LOOKS) == pytest.approx(4 * budgets.MAGNIFIED)


def chaos(net: Net, optimizer: str = "SGD", dtype: str = "float32") -> str:
    card = card_of(99, dtype, run=net)
    card["runs"]["run"]["optimizer"] = {"name": optimizer}
    return why_chaotic(card, "run")


def test_what_rounding_separates_in_float32() -> None:
    pooled = Net((Pool2D(), Flatten(), Dense(4, 2)), "softmax", 0.0, (4, 4, 1))
    inside = Net((Residual((Dense(4, 4, "relu"),)), Dense(4, 2)), "softmax")
    assert [chaos(net) for net in (LAYERS, inside, pooled)] == ["relu", "relu", "max-pooling"]
    assert (chaos(LOOKS, "Adam"), chaos(LOOKS)) == ("attention under Adam", "")
    assert [chaos(net) for net in (WINDOWS, OF_KINDS["one layer"])] == ["", ""]
    assert chaos(LAYERS, dtype="float64") == ""

"""The claims of lesson 5, on the reference backend."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest

from adapters.contract import Array
from compare.budgets import TRAJECTORY, Budget
from course.lesson import Lesson
from course.randomness import initial_weights
from course.record import read_record
from course.training import Run
from tests.lessons.running import (
    ODD_IMAGES,
    Runner,
    Tables,
    check_figures,
    own_images,
    recorded_tables,
    runner,
)

pytestmark = pytest.mark.lesson5

WALKS = {"Keras": 5, "PyTorch": 4}  # how many defaults are aligned
# A difference that a student sees in a curve: a thousandth of a loss of order one, ten thousand
# times what rounding does in float32.
VISIBLE = 1e-3


class Finished(NamedTuple):
    """The lesson after its end, and the tables that it printed: title to rows."""

    lesson: Lesson
    tables: Tables


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Runner:
    """Lesson 5 on the reference."""
    return runner(request, 5)


@pytest.fixture(scope="module")
def finished(run: Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    """One short run, with its figures and tables."""
    with recorded_tables() as tables:
        yield Finished(run(tmp_path_factory.mktemp("lesson5"), epochs=1), tables)


@pytest.fixture
def budget(finished: Finished) -> Budget:
    return TRAJECTORY[5, finished.lesson.Model.dtype]


def walk(finished: Finished, cook: str) -> list[Run]:
    return [finished.lesson.runs[f"{cook}-{k}"] for k in range(WALKS[cook] + 1)]


def gap(a: Run, b: Run) -> Array:
    return np.abs(a.losses.astype(float) - b.losses)


def apart(a: Run, b: Run) -> float:
    """The distance of all weights together, as a share of the length of b's."""
    flat = [np.concatenate([p.ravel().astype(float) for p in run.params]) for run in (a, b)]
    return float(np.linalg.norm(flat[0] - flat[1]) / np.linalg.norm(flat[1]))


def same_weights(a: Run, b: Run, budget: Budget) -> bool:
    return all(
        np.abs(p.astype(float) - q).max() <= budget.for_weights(p)
        for p, q in zip(a.params, b.params, strict=True)
    )


def test_the_recipes_part_at_the_first_number(finished: Finished) -> None:
    ours = finished.lesson.runs["ours"]
    first = [ours, *(walk(finished, cook)[0] for cook in WALKS)]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert gap(first[a], first[b])[0] > VISIBLE
        assert np.median(gap(first[a], first[b])) > VISIBLE


@pytest.mark.parametrize("cook", WALKS)
def test_each_alignment_is_a_separate_run(finished: Finished, cook: str) -> None:
    runs = walk(finished, cook)
    assert f"{cook}-{len(runs)}" not in finished.lesson.runs
    for before, after in pairwise(runs):
        assert gap(before, after).any()


@pytest.mark.parametrize("cook", WALKS)
def test_with_all_aligned_the_curves_meet(finished: Finished, cook: str, budget: Budget) -> None:
    ours, *before, last = finished.lesson.runs["ours"], *walk(finished, cook)
    assert (gap(last, ours) <= budget.for_losses(ours.losses)).all()
    assert same_weights(last, ours, budget)
    for run in before:
        assert not (gap(run, ours) <= budget.for_losses(ours.losses)).all()


def test_reporting_differences_move_no_weight(finished: Finished, budget: Budget) -> None:
    """The running mean, and the penalty that the loss leaves out."""
    for cook in WALKS:
        before, after = walk(finished, cook)[:2]
        assert gap(before, after).max() > VISIBLE
        assert same_weights(before, after, budget)


def test_the_initial_weights_of_each_recipe(finished: Finished) -> None:
    keras, torch = walk(finished, "Keras"), walk(finished, "PyTorch")
    own = initial_weights(keras[0].net, finished.lesson.seed)

    def starts_as_we_do(run: Run) -> bool:
        return all(np.array_equal(a, b) for a, b in zip(run.initial, own, strict=True))

    assert [starts_as_we_do(run) for run in keras] == [False] * 2 + [True] * 4
    assert [starts_as_we_do(run) for run in torch] == [False] * 3 + [True] * 2
    assert [run.optimizer.epsilon for run in keras] == [1e-7] * 5 + [1e-8]
    assert [run.shuffle for run in torch] == [False] * 4 + [True]
    assert not any(bias.any() for bias in keras[0].initial[1::2])
    assert all(bias.any() for bias in torch[0].initial[1::2])


def test_the_table_goes_from_most_to_least(finished: Finished) -> None:
    rows = finished.tables["What each default was worth, by the loss curve"]
    assert len({row[0] for row in rows}) == sum(WALKS.values())
    worth = [float(row[1]) for row in rows]
    assert worth == sorted(worth, reverse=True)
    steps = [pair for cook in WALKS for pair in pairwise(walk(finished, cook))]
    found = [float(f"{gap(before, after).mean():.2g}") for before, after in steps]
    assert sorted(found, reverse=True) == worth


@pytest.mark.parametrize("cook", WALKS)
def test_the_tables_agree_with_the_record_of_each_run(finished: Finished, cook: str) -> None:
    lesson, ours = finished.lesson, finished.lesson.runs["ours"]
    table, runs = (
        finished.tables[f"From {cook}'s recipe to ours: how far from ours"],
        walk(finished, cook),
    )
    assert len({lesson.accuracies[run.name] for run in runs}) > 2
    assert table.column("curve from ours") == [f"{gap(run, ours).mean():.2g}" for run in runs]
    assert table.column("final loss") == [f"{run.loss_per_epoch()[-1]:.4f}" for run in runs]
    assert table.column("accuracy") == [f"{lesson.accuracies[run.name]:.2%}" for run in runs]
    assert table.column("weights") == [f"{apart(run, ours):.1%}" for run in runs]


def test_what_each_was_worth_is_of_two_neighbours(finished: Finished) -> None:
    lesson = finished.lesson
    table = finished.tables["What each default was worth, by the loss curve"]
    steps = [pair for cook in WALKS for pair in pairwise(walk(finished, cook))]
    steps.sort(key=lambda pair: -gap(*pair).mean())
    lowered = [a.loss_per_epoch()[-1] - b.loss_per_epoch()[-1] for a, b in steps]
    gained = [lesson.accuracies[a.name] - lesson.accuracies[b.name] for a, b in steps]
    assert table.column("final loss") == [f"{loss:+.4f}" for loss in lowered]
    assert table.column("weights") == [f"{apart(a, b):.1%}" for a, b in steps]
    assert table.column("points") == [f"{100 * share:+.2f}" for share in gained]


def test_the_cages_show_their_own_runs(finished: Finished) -> None:
    lesson, table = finished.lesson, finished.tables["Who sits in which cage, and what it costs"]
    injected = [run for name, run in lesson.runs.items() if name.startswith("zoo-")]
    costs = [lesson.measures[f"cost-{run.name.removeprefix('zoo-')}"] for run in injected]
    assert sorted(table.column("its loss")) == sorted(f"{run.losses[-1]:.2f}" for run in injected)
    assert sorted(table.column("points")) == sorted(f"{100 * cost:+.2f}" for cost in costs)
    sound = {f"{run.losses[-1]:.2f}" for name, run in lesson.runs.items()
             if name.startswith("sound-")}  # fmt: skip
    assert set(table.column("sound loss")) == sound
    pairs = zip(injected, costs, strict=True)
    rows = {(f"{run.losses[-1]:.2f}", f"{100 * cost:+.2f}") for run, cost in pairs}
    assert set(zip(table.column("its loss"), table.column("points"), strict=True)) == rows


def test_each_animal_departs_where_its_hint_says(finished: Finished) -> None:
    """At once, after the first step, or behind the lowered learning rate."""
    rows = finished.tables["Who sits in which cage, and what it costs"]
    assert [row[0][0] for row in rows] == list("ABCDEFGH")
    parts = {row[0][3:]: row[1] for row in rows}
    lowered = finished.lesson.runs["sound-momentum"]
    behind = lowered.lowered_from * lowered.steps_per_epoch + 1
    assert parts.pop("momentum with the rate inside") == behind
    assert parts.pop("gradients never reset") == 2  # one sound step, and the second is wrong
    assert 0 < parts.pop("Adam's ε in the other place") < behind
    assert set(parts.values()) == {0}


def test_the_sum_is_a_hundred_means(finished: Finished) -> None:
    runs = finished.lesson.runs
    sound, injected = runs["sound-adam"], runs["zoo-sum_for_mean"]
    penalty = 0.5 * sound.net.l2 * sum((w**2).sum() for w in sound.initial[::2])
    # float32 keeps seven digits of a loss of two hundred
    assert injected.losses[0] - penalty == pytest.approx(
        100 * (sound.losses[0] - penalty), rel=1e-5
    )


def test_the_costly_animals_cost(finished: Finished) -> None:
    """By five points and more: eight times the spread between seeds of the sound run."""
    measures = finished.lesson.measures
    for name in ("softmax_in_the_model", "gradients_accumulate", "uniform_kernels"):
        assert measures[f"cost-{name}"] < -0.05


def test_batch_normalisation_believes_too_slowly_or_at_once(finished: Finished) -> None:
    rows = finished.tables["What batch normalisation believes after ten batches"]
    shares = [float(row[2].rstrip("%")) / 100 for row in rows]
    # the brightness of batches of a hundred pictures spreads by some 3%
    assert shares[0] == pytest.approx(1 - 0.9**10, rel=0.1)
    assert shares[1] == pytest.approx(1 - 0.99**10, rel=0.1)
    assert shares[2:] == pytest.approx([1, 1], abs=0.2)


def test_a_backend_without_defaults_says_so(finished: Finished) -> None:
    assert {row[2] for row in finished.tables["Questions that were not asked"]} == {"nothing"}


def test_the_record(finished: Finished) -> None:
    lesson = finished.lesson
    assert lesson.finished_in
    _, card = read_record(lesson.finished_in)
    assert set(card["runs"]) == set(lesson.runs)
    assert card["accuracy"] == card["runs"]["ours"]["accuracy"]
    check_figures(lesson)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("shape", "classes", "kind", "rows"), ODD_IMAGES)
def test_images_of_your_own(
    run: Runner, tmp_path: Any, shape: tuple[int, int], classes: int, kind: str, rows: int
) -> None:
    path = own_images(tmp_path / "own.npz", shape, classes, kind, rows)
    lesson = run(tmp_path / "out", data=path, epochs=1)
    assert lesson.runs["ours"].params[-1].shape == (classes,)
    check_figures(lesson)


def test_a_class_without_images(run: Runner, tmp_path: Any) -> None:
    lesson = run(tmp_path, data=own_images(tmp_path / "own.npz", without=1), epochs=2)
    assert lesson.runs["ours"].net.n_out == 3

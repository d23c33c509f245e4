"""The backend's perceptron is Rosenblatt's rule, however many rows are tested at once."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.contract import Array, Model
from adapters.laws.subject import reference
from course import perceptron
from course.perceptron import Learned, learn, most_mistakes, own_pass_is_equal, squared_paper


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest) -> type[Model]:
    """The reference in the precision of this run."""
    return reference(request.config.getoption("--dtype"))


def by_rule(x: Array, y: Array, passes: int) -> tuple[Array, list[int]]:
    """Rosenblatt's five lines: all knobs at the end, and the mistakes of each pass."""
    knobs, mistakes = np.zeros(x.shape[1] + 1), []
    for _ in range(passes):
        mistakes.append(0)
        for row, answer in zip(np.column_stack([x, np.ones(len(x))]), y, strict=True):
            if answer * (row @ knobs) <= 0:
                knobs = knobs + answer * row
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return knobs, mistakes


@pytest.mark.parametrize("at_once", [1, 2, 5, 500])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_rosenblatts_rule_however_many_rows_are_tested_at_once(
    backend: type[Model], seed: int, at_once: int
) -> None:
    """Whole numbers, which need not be separable."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(-5, 6, (30, 3)), rng.choice([-1, 1], 30)
    learned = learn(backend, x, y, 6, at_once)
    knobs, mistakes = by_rule(x, y, 6)
    assert learned.mistakes == mistakes
    assert np.array_equal(learned.path[-1], knobs)
    assert len(learned.path) == sum(mistakes) + 1
    assert len(learned.losses) == len(x) * len(mistakes)
    assert np.count_nonzero(learned.path[0]) == 0


def test_it_stops_after_a_pass_without_a_mistake(backend: type[Model]) -> None:
    points, sides, line = squared_paper(0)
    learned = learn(backend, points, sides, 1000)
    assert learned.separated
    assert len(learned.mistakes) < 1000
    assert sum(learned.mistakes) <= most_mistakes(points, sides, line)
    assert own_pass_is_equal(learned, points, sides)
    assert not learn(backend, points, sides, 1).separated


def test_a_backends_own_pass_that_differs_is_noticed(backend: type[Model]) -> None:
    points, sides, _ = squared_paper(0)
    other = learn(backend, points[::-1], sides[::-1], 10)
    assert not own_pass_is_equal(other, points, sides)


@pytest.mark.parametrize("seed", [0, 1, 2, 2**31])
def test_the_points_on_squared_paper_keep_away_from_the_line(seed: int) -> None:
    points, sides, line = squared_paper(seed)
    distance = points @ line[:2] + line[2]
    assert sorted(sides.tolist()) == [-1] * 14 + [1] * 14
    assert (sides * distance >= perceptron.ROOM).all()
    assert np.array_equal(points, points.round())
    assert np.hypot(*line[:2]) == pytest.approx(1)


def test_a_line_that_does_not_separate_promises_nothing() -> None:
    x, y = np.array([[0, 0], [2, 0]]), np.array([-1, 1])
    # R² = 5, and the nearest row is at distance 1/√2 of the line x = 1, with the bias as an input.
    assert most_mistakes(x, y, np.array([1, 0, -1])) == pytest.approx(5 / 0.5)
    assert most_mistakes(x, y, np.array([1, 0, 1])) == np.inf
    assert most_mistakes(x, y, np.zeros(3)) == np.inf
    assert isinstance(Learned(None, [], [0], np.zeros((1, 3)), 1).separated, bool)  # type: ignore[arg-type]

"""What lesson 1 needs to run Rosenblatt's rule on a backend; the rule itself stands in the lesson.

One step of size 1 down the perceptron's loss is the rule, so a backend needs a single neuron and
plain gradient descent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from adapters.contract import SGD, Array, Dense, Model, Net

if TYPE_CHECKING:
    from course.lesson import Lesson

AT_ONCE = 500  # rows that are asked about together, between two mistakes
FAR, ROOM, EACH = 8, 1.5, 14  # of `squared_paper`: how far it reaches, the gap, points on a side


@dataclass(frozen=True)
class Learned:
    """A neuron that was trained, and how it went.

    losses (passes · n,): what each row cost, 0 if it was right. mistakes: their number in each
    pass. path (mistakes + 1, n_in + 1): all knobs before the first mistake and after each. limit:
    the most passes that there could have been.
    """

    model: Model
    losses: list[float]
    mistakes: list[int]
    path: Array
    limit: int

    @property
    def separated(self) -> bool:
        """Whether the last pass was without a mistake."""
        return self.mistakes[-1] == 0


def one_neuron(backend: type[Model], n_in: int) -> Model:
    """One neuron of a backend, with all its knobs at zero."""
    net = Net((Dense(n_in, 1),), "perceptron")
    return backend(net, [np.zeros((n_in, 1)), np.zeros(1)], SGD(learning_rate=1.0))


def learn(backend: type[Model], x: Array, y: Array, passes: int, at_once: int = AT_ONCE) -> Learned:
    """Go from mistake to mistake, and make a step on each. Stop when a whole pass is right.

    x (n, n_in); y (n,) of +1 and −1. A row that is right changes nothing, so `at_once` rows are
    tested together. With whole numbers the result is the same for any number of them, to the bit.
    """
    model = one_neuron(backend, x.shape[1])
    x, y = _rows(model, x, y)
    losses: list[float] = []
    mistakes: list[int] = []
    path = [knobs_of(model)]
    for _ in range(passes):
        of_pass = np.zeros(len(x))
        mistakes.append(0)
        row = _next_mistake(model, x, y, 0, at_once)
        while row < len(x):
            of_pass[row] = model.step(x[row : row + 1], y[row : row + 1])
            path.append(knobs_of(model))
            mistakes[-1] += 1
            row = _next_mistake(model, x, y, row + 1, at_once)
        losses.extend(of_pass)
        if mistakes[-1] == 0:
            break
    return Learned(model, losses, mistakes, np.array(path), passes)


def keep(lesson: Lesson, name: str, learned: Learned, x: Array, y: Array) -> None:
    """Record a neuron under this name, with its answers for these rows."""
    rows, answers = _rows(learned.model, x, y)
    lesson.keep_neuron(
        name, learned.model, rows, answers,
        losses=lesson.numbers(learned.losses), mistakes=np.array(learned.mistakes),
    )  # fmt: skip
    lesson.measure(f"{name}_mistakes", sum(learned.mistakes))


def own_pass_is_equal(learned: Learned, x: Array, y: Array) -> bool:
    """Whether the backend's own loop over all rows does the same in its first pass, to the bit."""
    own = one_neuron(type(learned.model), x.shape[1])
    losses = own.epoch(*_rows(own, x, y), np.arange(len(x)), batch_size=1)
    return bool(
        np.array_equal(losses, learned.losses[: len(x)])
        and np.array_equal(knobs_of(own), learned.path[learned.mistakes[0]])
    )


def knobs_of(model: Model) -> Array:
    """All knobs in one row, in float64: the weights, and the bias at the end."""
    weights, bias = model.params()
    return np.append(weights.astype(float), bias.astype(float))


def most_mistakes(x: Array, y: Array, line: Array) -> float:
    """Novikoff's bound (R/γ)² by a line (n_in + 1,); infinity if that does not separate the rows.

    The bias counts as a weight on one more input, which is always 1.
    """
    with_one = np.column_stack([x, np.ones(len(x))]).astype(float)
    farthest = np.linalg.norm(with_one, axis=1).max()
    room = (np.ravel(y) * (with_one @ line)).min() / max(np.linalg.norm(line), 1e-300)
    return float((farthest / room) ** 2) if room > 0 else np.inf


def squared_paper(seed: int) -> tuple[Array, Array, Array]:
    """Points (28, 2) on the crossings of squared paper, their sides (28,), and the line between.

    A line is ruled at random, and 14 points on each side are marked that keep away from it.
    """
    rng = np.random.default_rng(seed)
    angle, shift = rng.uniform(0, 2 * np.pi), rng.uniform(-4, 4)
    line = np.array([np.cos(angle), np.sin(angle), shift])
    reach = range(-FAR, FAR + 1)
    squares = rng.permutation([(a, b) for a in reach for b in reach])  # (289, 2)
    distance = squares @ line[:2] + shift
    marked = [np.flatnonzero(side * distance >= ROOM)[:EACH] for side in (1, -1)]
    chosen = np.sort(marked, axis=None)
    return squares[chosen], np.sign(distance[chosen]), line


def _next_mistake(model: Model, x: Array, y: Array, row: int, at_once: int) -> int:
    """The first wrong row from this one on, or the number of rows."""
    while row < len(x):
        scores = model.forward(x[row : row + at_once])
        wrong = np.flatnonzero(y[row : row + at_once] * scores <= 0)  # or on the fence
        if wrong.size:
            return row + int(wrong[0])
        row += at_once
    return len(x)


def _rows(model: Model, x: Array, y: Array) -> tuple[Array, Array]:
    """Inputs (n, n_in) and answers (n, 1) in the model's dtype."""
    return np.asarray(x, model.dtype), np.asarray(y, model.dtype).reshape(-1, 1)

"""A training loop that knows nothing of the course: what a lesson says, once more in NumPy.

For the runs that no native program trains. Nothing of it is imported from the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Recipe:
    """A run as the text of its lesson has it."""

    hidden: tuple[int, ...]
    bend: str  # relu or tanh
    rate: float
    momentum: float = 0.0
    adam: bool = False
    epochs: int | None = None  # at most; None for the lesson's own
    l2: float = 1e-3
    batch_size: int = 100
    lower_by: float = 10.0


# Lesson 4: softmax regression, three walks of the same network, and a soft bend.
LESSON_4 = {
    "softmax": Recipe((), "relu", 0.03, momentum=0.9),
    "sgd": Recipe((128, 64), "relu", 0.1),
    "momentum": Recipe((128, 64), "relu", 0.05, momentum=0.9),
    "adam": Recipe((128, 64), "relu", 0.001, adam=True),
    "tanh": Recipe((128, 64), "tanh", 0.02, momentum=0.9, epochs=4),
}
LESSON_3 = {"softmax": LESSON_4["softmax"]}
# What the other runs of a lesson are held against; in 5 and 6 at one learning rate to the end.
OPPONENTS = {
    5: Recipe((128, 64), "relu", 0.001, adam=True, lower_by=1.0),
    6: Recipe((64,), "tanh", 0.1, l2=0.0, lower_by=1.0),
    7: LESSON_4["momentum"],
}


RUNS = [(3, name) for name in LESSON_3] + [(4, name) for name in LESSON_4]


def recipe_of(number: int, name: str) -> Recipe:
    """What the text of lesson 3 or 4 says of a run."""
    return (LESSON_3 if number == 3 else LESSON_4)[name]


def scores(params: list[Array], x: Array, bend: str) -> list[Array]:
    """The input and the output of every layer; the last one is the logits."""
    outputs = [x]
    for i in range(0, len(params), 2):
        z = outputs[-1] @ params[i] + params[i + 1]
        if i < len(params) - 2:
            z = np.tanh(z) if bend == "tanh" else z * (z > 0)
        outputs.append(z)
    return outputs


def train(
    recipe: Recipe, params: list[Array], orders: Array, x: Array, y: Array
) -> tuple[Array, list[Array]]:
    """The loss of every step, and the weights at the end."""
    params, epochs = [p.copy() for p in params], len(orders)
    first = [np.zeros_like(p) for p in params]
    second = [np.zeros_like(p) for p in params]
    losses: list[float] = []
    for epoch, order in enumerate(orders):
        late = 3 * epoch >= 2 * epochs  # in the last third
        rate = recipe.rate / recipe.lower_by if late else recipe.rate
        for start in range(0, len(order), recipe.batch_size):
            rows = order[start : start + recipe.batch_size]
            loss, slopes = _loss_and_slopes(recipe, params, x[rows], y[rows])
            losses.append(loss)
            moves = _moves(recipe, slopes, first, second, len(losses))
            params = [p - rate * m for p, m in zip(params, moves, strict=True)]
    return np.array(losses), params


def _loss_and_slopes(
    recipe: Recipe, params: list[Array], x: Array, y: Array
) -> tuple[float, list[Array]]:
    *outputs, z = scores(params, x, recipe.bend)
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    kernels = params[::2]
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    loss += 0.5 * recipe.l2 * sum(float((w**2).sum()) for w in kernels)
    delta = (p - np.eye(z.shape[1])[y]) / len(y)
    slopes: list[Array] = []
    for a, w in zip(reversed(outputs), reversed(kernels), strict=True):
        slopes = [a.T @ delta + recipe.l2 * w, delta.sum(0), *slopes]
        delta = (delta @ w.T) * (1 - a**2 if recipe.bend == "tanh" else a > 0)
    return float(loss), slopes


def _moves(
    recipe: Recipe, slopes: list[Array], first: list[Array], second: list[Array], t: int
) -> Iterator[Array]:
    """What each parameter moves by, times the learning rate; Kingma & Ba's algorithm 1 for Adam."""
    for g, m, v in zip(slopes, first, second, strict=True):
        if not recipe.adam:
            m[:] = recipe.momentum * m + g
            yield m
            continue
        m[:] = 0.9 * m + 0.1 * g
        v[:] = 0.999 * v + 0.001 * g**2
        yield (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

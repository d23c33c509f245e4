"""The browser computes what NumPy computes: losses, weights and mistakes, from the same start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from adapters import load
from adapters.contract import SGD, Dense, Net
from tools.playground.recipes import (
    COUNT,
    STEPS,
    TOLERANCE,
    TRAIN,
    Recipe,
    drawn,
    in_browser,
    largest_gaps,
    on_numpy,
)


@pytest.mark.parametrize("seed", range(COUNT))
def test_two_hundred_steps_equal_numpys(page: Any, seed: int) -> None:
    recipe = drawn(seed)
    ours, theirs = on_numpy(recipe), in_browser(page, recipe)
    assert len(ours[0]) >= STEPS
    assert max(largest_gaps(ours, theirs)) <= TOLERANCE


def test_every_number_of_hidden_layers_is_among_them() -> None:
    recipes = [drawn(seed) for seed in range(COUNT)]
    assert {len(recipe.net.layers) for recipe in recipes} == {1, 2, 3, 4}
    assert {recipe.net.loss for recipe in recipes} == {"logistic", "softmax", "squared"}
    assert len({recipe.optimizer for recipe in recipes}) == 3


def test_another_learning_rate_or_activation_is_over_the_tolerance(page: Any) -> None:
    """The control: a relative error of 1e-9, as of a constant that went through float32."""
    recipe = drawn(1)
    ours = on_numpy(recipe)
    moved = recipe.as_json()
    moved["optimizer"]["learning_rate"] *= 1 + 1e-9
    losses, params = page.evaluate(TRAIN, [moved, recipe.orders.tolist()])
    theirs = np.array(losses), [np.array(w) for w in params]
    assert max(largest_gaps(ours, theirs)) > TOLERANCE


def test_the_perceptron_is_exact(page: Any) -> None:
    """Whole numbers: weights and losses are equal to the bit, ties at 0 included."""
    rng = np.random.default_rng(4)
    x = rng.integers(-8, 9, (40, 2)).astype(float)
    y = np.where(x @ [2, -3] + 6 > 0, 1.0, -1.0)[:, None]
    net = Net((Dense(2, 1),), "perceptron")
    start = [np.zeros((2, 1)), np.zeros(1)]
    model = load("numpy", dtype="float64", device="cpu")(net, start, SGD(1.0))
    orders = [list(range(len(x)))] * 5
    ours = np.concatenate([model.epoch(x, y, np.array(order), 1) for order in orders])
    losses, params = in_browser(page, Recipe(net, start, SGD(1.0), x, y, np.array(orders), 1))
    assert (losses == ours).all()
    assert all((a == b).all() for a, b in zip(params, model.params(), strict=True))
    assert np.count_nonzero(ours)

"""Whole training runs of a lesson with known differences in them, instead of a few dozen steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from adapters.contract import Array, Net, Optimizer, require
from course.training import Run
from injections import inject
from injections.run_spec import steps_of, whole

if TYPE_CHECKING:
    from course.lesson import Lesson


def train_with(
    lesson: Lesson,
    name: str,
    injections: Sequence[str],
    net: Net,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    test: tuple[Array, Array],
    lower_by: float = 1.0,
) -> Run:
    """`lesson.train`, with these differences planted in the run; without one, it is the same.

    Raises SettingsError for a plant that makes other batches than shuffling or not shuffling does,
    or other labels: the course's own training loop cannot do that.
    """
    plain = Run(
        name, net, optimizer, lesson.initial_weights(net), epochs, batch_size, lesson.seed,
        True, lower_by, lesson.numbers(x), y,
    )  # fmt: skip
    before = whole(plain, lesson.Model)
    recipe = inject(before, injections)
    stored = steps_of(replace(plain, shuffle=False))
    shuffled, in_order = (_same(recipe.batches, b) for b in (before.batches, stored))
    require(
        (shuffled or in_order) and _same(recipe.labels, recipe.batches),
        f"{name}: a lesson cannot be trained with {', '.join(injections)}: choose other plants",
    )
    return lesson.train(
        name, recipe.net, recipe.optimizer, recipe.x, recipe.y, epochs=epochs,
        batch_size=batch_size, test=test, initial=recipe.initial, shuffle=shuffled,
        lower_by=recipe.lower_by, backend=recipe.Model,
    )  # fmt: skip


def _same(a: Sequence[Array], b: Sequence[Array]) -> bool:
    return len(a) == len(b) and all(np.array_equal(i, j) for i, j in zip(a, b, strict=True))

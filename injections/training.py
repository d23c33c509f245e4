"""Complete training runs of a lesson with injections."""

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
    """`lesson.train`, with these injections in the run.

    Raises SettingsError for an injection into the labels or batches, except for shuffling or not
    shuffling: the course's training loop cannot do that.
    """
    plain = Run(
        name, net, optimizer, lesson.initial_weights(net), epochs, batch_size, lesson.seed,
        True, lower_by, lesson.rows(net, x), y,
    )  # fmt: skip
    before = whole(plain, lesson.Model)
    spec = inject(before, injections)
    stored = steps_of(replace(plain, shuffle=False))
    shuffled, in_order = (_same(spec.batches, b) for b in (before.batches, stored))
    require(
        (shuffled or in_order) and _same(spec.labels, spec.batches),
        f"{name}: a lesson cannot be trained with {', '.join(injections)}: choose other injections",
    )
    return lesson.train(
        name, spec.net, spec.optimizer, spec.x, spec.y, epochs=epochs,
        batch_size=batch_size, test=test, initial=spec.initial, shuffle=shuffled,
        lower_by=spec.lower_by, backend=spec.Model,
    )  # fmt: skip


def _same(a: Sequence[Array], b: Sequence[Array]) -> bool:
    return len(a) == len(b) and all(np.array_equal(i, j) for i, j in zip(a, b, strict=True))

"""The runs of each lesson on NumPy in float64, as short as injections allow.

They have three epochs, and a last batch that is not full. Their images are few and small, since
most of a step's time goes into the pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters.laws.subject import reference
from compare.diverge.run_specs import run_specs
from injections import RunSpec
from tests.images import FIELD, FIELD_OF_WINDOWS, small_images
from tests.injections.small_nets import small_specs
from tests.texts import few_letters

Specs = Callable[[int], list[RunSpec]]


@pytest.fixture(scope="session")
def specs() -> Specs:
    """specs(4) returns the shortened runs of lesson 4."""
    return lambda lesson: short_specs(lesson, "float64", 0)


@pytest.fixture(scope="session")
def small() -> list[RunSpec]:
    """The runs of small networks whose layers no lesson has."""
    return small_specs(reference("float64"))


FIELDS = {3: FIELD, 4: FIELD, 7: FIELD_OF_WINDOWS}  # of the lessons that read images
OF_LETTERS, LINES = ("attention", "tanh"), 4  # runs of lesson 8, and lines in a batch
STEPS = 12  # of a run of small batches: four in each of three epochs


def shortened(spec: RunSpec) -> RunSpec:
    """The run with fewer batches in each epoch, the last of them still not full."""
    keep = STEPS // 3
    if len(spec.batches) <= 30 or spec.steps_per_epoch <= keep:
        return spec
    epochs = range(0, len(spec.batches), spec.steps_per_epoch)
    last = spec.steps_per_epoch - 1
    steps = [start + i for start in epochs for i in (*range(keep - 1), last)]
    lowered = spec.lowered_from // spec.steps_per_epoch * keep
    batches = tuple(spec.batches[i] for i in steps)
    return replace(
        spec, batches=batches, labels=batches, steps_per_epoch=keep, lowered_from=lowered
    )


def of_few_lines(spec: RunSpec) -> RunSpec:
    """The run with few lines in each batch, if its rows are letters; the last has one less."""
    if not spec.net.reads_indices:
        return spec
    ends = range(spec.steps_per_epoch - 1, len(spec.batches), spec.steps_per_epoch)
    batches = tuple(rows[: LINES - (i in ends)] for i, rows in enumerate(spec.batches))
    return replace(spec, batches=batches, labels=batches)


@cache
def short_specs(lesson: int, dtype: str, seed: int) -> list[RunSpec]:
    """The shortened runs of a lesson on NumPy; each lesson is run once."""
    with TemporaryDirectory() as folder:
        field = FIELDS.get(lesson)
        data = small_images(Path(folder), field=field) if field else None
        if lesson == 8:
            data = few_letters(Path(folder))
        specs = [shortened(spec) for spec in run_specs(lesson, dtype, seed, data)]
    return [of_few_lines(spec) for spec in specs if lesson != 8 or spec.name in OF_LETTERS]

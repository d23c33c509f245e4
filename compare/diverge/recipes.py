"""The recipes of a lesson: what it trains, taken from its own file."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from adapters import load
from adapters.contract import Model, SettingsError
from compare.diverge import recipe_file
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run
from injections.run_spec import RunSpec, short

# The lessons whose runs can be traced. Lesson 5 plants differences of its own in the network of
# lesson 4, whose runs are there.
TRACED = (1, 2, 3, 4)


def recipes(
    lesson: int, dtype: str, seed: int, data: str | None, kept: Path | None = None
) -> list[RunSpec]:
    """Every training run of a lesson, cut short; NumPy runs the lesson to find them.

    Data, initial weights and orders are the course's and not a backend's, so the fastest backend
    may say what they are. A neuron that the lesson trains by itself is a run like the others.
    kept: the file where these very recipes are kept, or will be.
    """
    numpy = load("numpy", dtype=dtype, device="cpu")
    if kept is None:
        return _found(lesson, dtype, seed, data, numpy)
    with suppress(SettingsError):
        return recipe_file.read(kept, numpy)
    found = _found(lesson, dtype, seed, data, numpy)
    with suppress(OSError):  # a file saves time; to lack it costs no result
        recipe_file.write(found, kept)
    return found


def _found(
    lesson: int, dtype: str, seed: int, data: str | None, numpy: type[Model]
) -> list[RunSpec]:
    with tempfile.TemporaryDirectory(prefix="triptych-recipes-") as out:
        settings = Settings("numpy", dtype, "cpu", seed, data=data, epochs=1, out=out, draw=False)
        done = run_lesson(lesson, settings)
    found = [
        Run(name, model.net, model.optimizer, [np.zeros(shape) for shape in model.net.shapes],
            epochs=1, batch_size=1, seed=seed, shuffle=False, lower_by=1.0, x=x, y=y)
        for name, (model, x, y) in done.neurons.items()
    ]  # fmt: skip
    return [short(run, numpy) for run in [*found, *done.runs.values()]]


def on(recipe: RunSpec, backend: type[Model]) -> RunSpec:
    """The recipe, cooked by this backend."""
    return replace(recipe, Model=backend)

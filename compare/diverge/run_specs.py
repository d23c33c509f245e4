"""The run specs of a lesson: what it trains, collected by running the lesson itself."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from adapters import load
from adapters.contract import Model, SettingsError
from compare.diverge import run_spec_file
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run
from injections.run_spec import RunSpec, short


def run_specs(
    lesson: int, dtype: str, seed: int, data: str | None, cache: Path | None = None
) -> list[RunSpec]:
    """Every training run of a lesson, shortened; NumPy runs the lesson to find them.

    Data, initial weights and batch orders come from the course and not from a backend, so the
    fastest backend can collect them. A neuron that the lesson trains by its own loop is a run
    too. cache: a file to read them from, or to write them to if it is missing.
    """
    numpy = load("numpy", dtype=dtype, device="cpu")
    if cache is None:
        return _collect(lesson, dtype, seed, data, numpy)
    with suppress(SettingsError):
        return run_spec_file.read(cache, numpy)
    specs = _collect(lesson, dtype, seed, data, numpy)
    with suppress(OSError):  # the file only saves time
        run_spec_file.write(specs, cache)
    return specs


def _collect(
    lesson: int, dtype: str, seed: int, data: str | None, numpy: type[Model]
) -> list[RunSpec]:
    with tempfile.TemporaryDirectory(prefix="triptych-runs-") as out:
        settings = Settings("numpy", dtype, "cpu", seed, data=data, epochs=1, out=out, draw=False)
        result = run_lesson(lesson, settings)
    neurons = [
        Run(name, model.net, model.optimizer, [np.zeros(shape) for shape in model.net.shapes],
            epochs=1, batch_size=1, seed=seed, shuffle=False, lower_by=1.0, x=x, y=y)
        for name, (model, x, y) in result.neurons.items()
    ]  # fmt: skip
    return [short(run, numpy) for run in [*neurons, *result.runs.values()]]


def with_backend(spec: RunSpec, backend: type[Model]) -> RunSpec:
    """The same run on another backend."""
    return replace(spec, Model=backend)

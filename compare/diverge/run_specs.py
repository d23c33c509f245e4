"""The run specs of a lesson: collected by running it once, and kept in a file for all backends."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from adapters import load
from adapters.contract import SGD, Adam, Array, Model, SettingsError, require
from course.card import digest_of_arrays
from course.lesson import Lesson
from course.lesson_context import LessonContext
from course.networks import as_json, from_json
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run
from datasets import npz
from injections.run_spec import RunSpec, short

# Save run specs in a file: a lesson's, so that it runs once and not once per backend, or any
# others, for `--specs`.
#
# The file is a `numpy.savez` without pickles: a card that describes the runs, and each array once.

FORMAT = 2  # since layers are of many kinds
OPTIMIZERS = {"SGD": SGD, "Adam": Adam}
PLAIN = ("name", "steps_per_epoch", "lowered_from", "lower_by", "seed")


def write_specs(run_specs: list[RunSpec], file: Path) -> None:
    """Write run specs completely or not at all. Assumes that `labels` equals `batches`."""
    arrays: dict[str, Any] = {}

    def store(array: Array) -> str:
        name = f"{array.dtype}/{digest_of_arrays([array])[:16]}"
        arrays[name] = array
        return name

    card = [
        {name: getattr(spec, name) for name in PLAIN}
        | {
            "net": as_json(spec.net),
            "optimizer": [type(spec.optimizer).__name__, asdict(spec.optimizer)],
            "initial": [store(p) for p in spec.initial],
            "x": store(spec.x),
            "y": store(spec.y),
            "rows": store(np.concatenate(spec.batches)),
            "ends": np.cumsum([len(rows) for rows in spec.batches]).tolist(),
        }
        for spec in run_specs
    ]
    arrays["card"] = np.array(json.dumps({"format": FORMAT, "runs": card}))
    npz.write(file, arrays)


def read_specs(file: Path, backend: type[Model]) -> list[RunSpec]:
    """Read what `write_specs` wrote, for this backend; raises SettingsError for any other file."""
    try:
        arrays = npz.read_all(file)
        card = json.loads(str(arrays["card"]))
        if card["format"] != FORMAT:
            raise ValueError("it has another format")
        return [_spec(entry, arrays, backend) for entry in card["runs"]]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise SettingsError(f"{str(file)!r} is not a file of run specs ({error})") from None


def _spec(entry: dict[str, Any], arrays: dict[str, Array], backend: type[Model]) -> RunSpec:
    optimizer, constants = entry["optimizer"]
    batches = tuple(np.split(arrays[entry["rows"]], entry["ends"][:-1]))
    return RunSpec(
        **{name: entry[name] for name in PLAIN},
        net=from_json(entry["net"]),
        optimizer=OPTIMIZERS[optimizer](**constants),
        initial=[arrays[name] for name in entry["initial"]],
        x=arrays[entry["x"]],
        y=arrays[entry["y"]],
        batches=batches,
        labels=batches,
        Model=backend,
    )


# The run specs of a lesson: what it trains, collected by running the lesson itself.


def specs_of(lesson: int, dtype: str, seed: int, data: str | None, file: Path) -> list[RunSpec]:
    """The run specs of a lesson, which the file caches; of lesson 0 those in the user's own file.

    Raises SettingsError if that file is no file of run specs, or of another dtype.
    """
    if lesson:
        return run_specs(lesson, dtype, seed, data, file)
    specs = read_specs(file, load("numpy", dtype=dtype, device="cpu"))
    for spec in specs:
        require(
            spec.net.reads_indices or spec.x.dtype == dtype,
            f"{str(file)!r} has data in {spec.x.dtype}: you asked for {dtype}",
        )
    return specs


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
        return read_specs(cache, numpy)
    specs = _collect(lesson, dtype, seed, data, numpy)
    with suppress(OSError):  # the file only saves time
        write_specs(specs, cache)
    return specs


# Lessons whose runs are all made by `lesson.train`, with arguments that no training decides.
# Their text goes on with the weights as they are, and its pictures are not saved.
UNTRAINED = (3, 4, 7)


def _collect(
    lesson: int, dtype: str, seed: int, data: str | None, numpy: type[Model],
    untrained: bool | None = None,
) -> list[RunSpec]:  # fmt: skip
    """untrained: whether the lesson runs without its training; by default where that can be."""
    untrained = lesson in UNTRAINED if untrained is None else untrained
    with tempfile.TemporaryDirectory(prefix="triptych-runs-") as out:
        settings = Settings("numpy", dtype, "cpu", seed, data=data, epochs=1, out=out, draw=False)
        context = LessonContext(started=_without_training if untrained else None)
        result = run_lesson(lesson, settings, context)
    neurons = [
        Run(name, model.net, model.optimizer, [np.zeros(shape) for shape in model.net.shapes],
            epochs=1, batch_size=1, seed=seed, shuffle=False, lower_by=1.0, x=x, y=y)
        for name, (model, x, y) in result.neurons.items()
    ]  # fmt: skip
    return [short(run, numpy) for run in [*neurons, *result.runs.values()]]


def _without_training(lesson: Lesson) -> None:
    """Let the lesson load a backend whose epochs move nothing, and report the loss as it is."""
    begin = lesson.begin

    def begin_idle() -> None:
        begin()
        backend = lesson.Model

        class Idle(backend):  # type: ignore[misc, valid-type]
            def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
                rows = order[:batch_size]
                steps = -(-len(order) // batch_size)
                return np.full(steps, self.loss(x[rows], y[rows]), self.dtype)

        lesson.Model = Idle

    lesson.begin = begin_idle  # type: ignore[method-assign]


def with_backend(spec: RunSpec, backend: type[Model]) -> RunSpec:
    """The same run on another backend."""
    return replace(spec, Model=backend)

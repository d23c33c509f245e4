"""What a lesson fixes, in a file for its native programs: data, initial weights, order of the rows.

The lesson runs on NumPy up to the run that the programs train, which is taken instead of trained.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from adapters import load
from adapters.contract import Array, Params, SettingsError, require
from course import console
from course.lesson_context import LessonContext, StopLesson
from course.lessons import LESSONS
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run
from datasets.atomic_files import write_whole

PIXELS, CLASSES = 784, 10  # of the data that the programs are written for
# Where a lesson's file has the rows to test on, and lesson 1 the rows of the loop that it writes.
TEST = {1: ("unseen", "unseen_answers")} | dict.fromkeys((3, 4, 7, 8), ("x_test", "y_test"))


def taken(number: int, settings: Settings) -> tuple[Run | None, dict[str, Any]]:
    """The run that a lesson's native programs train, not trained yet, and the lesson's variables.

    None for lesson 1, which trains in a loop of its own. Raises what the lesson raises.
    """
    runs: list[Run] = []

    def take(run: Run) -> None:
        if run.name == LESSONS[number].native:
            runs.append(run)
            raise StopLesson
        # The runs before it are not needed: whatever the lesson draws of them, nobody sees.
        run.losses, run.params = np.ones(run.epochs * run.steps_per_epoch), run.initial
        untrained = load("numpy", dtype=settings.dtype, device="cpu")
        run.model = untrained(run.net, run.initial, run.optimizer)

    context = LessonContext(train=take)
    with tempfile.TemporaryDirectory(prefix="triptych-native-") as out:
        own = replace(settings, backend="numpy", device="cpu", out=out, draw=False)
        with console.silent():
            run_lesson(number, own, context)
    return (runs[0] if runs else None), context.names


def fixed(number: int, settings: Settings) -> dict[str, Array]:
    """The arrays of the run that a lesson's native programs train, in the settings' dtype.

    lesson: the number; x (n, …), y, x_test, y_test, epochs; weight_0, weight_1, … in the
    contract's order; orders (epochs, n). Raises what the lesson raises.
    """
    return arrays_of(number, settings.dtype, *taken(number, settings))


def arrays_of(number: int, dtype: str, run: Run | None, names: dict[str, Any]) -> dict[str, Array]:
    """The arrays of `fixed`, of a run and the lesson's variables."""
    if run is not None:
        x, y, weights, epochs = run.x, run.y, run.initial, run.epochs
        orders = np.stack([run.order(epoch) for epoch in range(epochs)])
    else:
        names = names | {name: _column(names[name]) for name in ("answers", "unseen_answers")}
        names |= {name: names[name].astype(float) for name in ("pixels", "unseen")}
        x, y, epochs = names["pixels"], names["answers"], names["limit"]
        weights, orders = [np.zeros((x.shape[1], 1)), np.zeros(1)], np.arange(len(x))[None]
    _check_shapes(number, x, names)
    test = [names[name] for name in TEST[number]] if number in TEST else [x, y]
    return _in_dtype(dtype, weights, x=x, y=y, x_test=test[0], y_test=test[1]) | {
        "lesson": np.array(number), "epochs": np.array(epochs), "orders": orders,
    }  # fmt: skip


def _column(answers: Array) -> Array:
    """Lesson 1's answers +1 and −1 as the targets (n, 1) of one neuron."""
    return answers.astype(float).reshape(-1, 1)


def _check_shapes(number: int, x: Array, names: dict[str, Any]) -> None:
    """Raise SettingsError for data that the programs, which state their sizes, cannot take.

    Those of lesson 8 count the letters, and take any text; lines and network are the lesson's own.
    """
    if number == 8:
        return
    classes = names.get("classes", CLASSES) if number in (4, 7) else CLASSES
    if number == 3:
        classes = names["data"].n_classes
    pixels = x[0].size
    require(
        number == 2 or (pixels == PIXELS and classes == CLASSES),
        f"these data have {pixels} pixels and {classes} classes, and the native programs are "
        f"written for pictures of 28×28 = {PIXELS} pixels in {CLASSES} classes: leave DATA= out, "
        "or change the sizes in a copy of a program",
        SettingsError,
    )


def write(number: int, settings: Settings, file: Path) -> Path:
    """Write the arrays to an .npz file, whole or not at all; return the file."""
    return save(file, fixed(number, settings))


def save(file: Path, arrays: dict[str, Array]) -> Path:
    """Write arrays to an .npz file, whole or not at all; return the file."""
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return write_whole(file, content.getvalue())


def read(file: Path) -> dict[str, Array]:
    """The arrays of such a file, or of what a program has left."""
    with np.load(file, allow_pickle=False) as stored:
        return dict(stored)


def _in_dtype(dtype: str, weights: Params, **arrays: Array) -> dict[str, Array]:
    arrays |= {f"weight_{i}": w for i, w in enumerate(weights)}
    return {
        name: array.astype(dtype) if array.dtype.kind == "f" else array
        for name, array in arrays.items()
    }

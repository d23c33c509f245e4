"""The native programs: which there are, which lines say the same thing, and what a run leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import Array, SettingsError
from course.lessons import NATIVE
from course.settings import ROOT
from spelling import unknown

FOLDER = ROOT / "lessons" / "native"
# The parts of each program, in this order, each begun by a comment.
PARTS = ("data", "model", "loss", "training", "result")
PART = re.compile(rf"^# ({'|'.join(PARTS)})\b", re.MULTILINE)
LARGEST_WIDTH = 60  # characters of a line: two columns on a projector

Names = dict[str, Any]  # the variables of a program that has run


def _of_torch(names: Names) -> list[Any]:
    """From PyTorch's layouts: (n_out, n_in, k, k), and (n_out, c·h·w) of a flattened picture.

    Only the kernels of its own layers are turned: a table of rows stays as it is.
    """
    arrays, channels = [], 0
    own = [
        (p.detach().numpy(), type(module).__name__)
        for module in names["model"].modules()
        for p in module.parameters(recurse=False)
    ]
    for array, kind in own:
        if kind not in ("Conv2d", "Linear"):
            pass
        elif array.ndim == 4:
            channels, array = len(array), array.transpose(2, 3, 1, 0)
        elif array.ndim == 2 and channels:
            side = round((array.shape[1] / channels) ** 0.5)
            places = array.reshape(-1, channels, side, side).transpose(2, 3, 1, 0)
            channels, array = 0, places.reshape(-1, len(array))
        else:
            array = array.T
        arrays.append(array)
    return arrays


def _of_sklearn(names: Names) -> list[Any]:
    model = names["model"]
    if hasattr(model, "coefs_"):
        return [a for pair in zip(model.coefs_, model.intercepts_, strict=True) for a in pair]
    return [np.atleast_2d(model.coef_).T, np.atleast_1d(model.intercept_)]


def _arrays(names: Names) -> list[Any]:
    return list(names.get("params") or (names["w"], names["b"]))


@dataclass(frozen=True)
class Framework:
    """A framework in its own words: its title, and its weights in a program's variables.

    weights: variables → the weights of each layer, in the contract's layout.
    """

    title: str
    weights: Callable[[Names], list[Any]]


FRAMEWORKS = {
    "torch": Framework("PyTorch", _of_torch),
    "tensorflow": Framework("TensorFlow", lambda names: [p.numpy() for p in _arrays(names)]),
    "keras": Framework("Keras", lambda names: names["model"].get_weights()),
    "jax": Framework("JAX", _arrays),
    "pytensor": Framework("PyTensor", lambda names: [p.get_value() for p in _arrays(names)]),
    "numpy": Framework("NumPy", _arrays),
    "sklearn": Framework("scikit-learn", _of_sklearn),
}
# They go straight to the lowest point of the loss instead of making the lesson's steps.
STRAIGHT = {(2, "sklearn"), (3, "sklearn")}
# What a framework has no words for.
MISSING = {
    (7, "sklearn"): "scikit-learn has no convolution",
    (8, "sklearn"): "scikit-learn has no attention",
}
OF_EPOCHS = ("keras", "sklearn")  # whose losses are the means of an epoch's batches


def file_of(lesson: int, framework: str) -> Path:
    """A program's file. Raises SettingsError for an unknown lesson or framework."""
    if lesson not in NATIVE:
        raise SettingsError(
            f"lesson {lesson} has no native programs: expected one of {', '.join(map(str, NATIVE))}"
        )
    if framework not in FRAMEWORKS:
        raise SettingsError(unknown("framework", framework, FRAMEWORKS))
    if (lesson, framework) in MISSING:
        raise SettingsError(
            f"lesson {lesson} has no program of {framework}: {MISSING[lesson, framework]}"
        )
    return FOLDER / f"lesson{lesson}_{framework}.py"


def frameworks_of(lesson: int) -> list[str]:
    """The frameworks that have a program for this lesson."""
    return [framework for framework in FRAMEWORKS if (lesson, framework) not in MISSING]


def parts(text: str) -> dict[str, tuple[int, int]]:
    """The lines [first, last) of each part of a program, counted from 0; the imports are `top`."""
    lines = text.count("\n")
    starts = [(text.count("\n", 0, found.start()), found[1]) for found in PART.finditer(text)]
    stops = [start for start, _ in starts[1:]] + [lines]
    first = starts[0][0] if starts else lines
    return {"top": (0, first)} | {
        name: (start, stop) for (start, name), stop in zip(starts, stops, strict=True)
    }


def result(framework: str, names: Names) -> dict[str, Array]:
    """What a program that has run leaves: losses, weight_0, weight_1, …, predicted, mistakes.

    losses: one for each step, or for each epoch (OF_EPOCHS); lesson 1 has mistakes instead.
    held_out: in lesson 8, the loss on the rows to test on.
    """
    weights = FRAMEWORKS[framework].weights(names)
    arrays = {f"weight_{i}": np.asarray(w) for i, w in enumerate(weights)}
    arrays["predicted"] = np.asarray(names["predicted"])
    if "losses" in names:
        arrays["losses"] = np.array([float(loss) for loss in names["losses"]])
    if "held_out" in names:
        arrays["held_out"] = np.array(float(names["held_out"]))
    if "mistakes" in names:
        arrays["mistakes"] = np.array(names["mistakes"], np.int64)
    return arrays

"""Validation of a notebook's settings, by the same rules as those of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from math import isfinite
from numbers import Real
from pathlib import PurePath
from typing import Any

from adapters import BACKENDS
from adapters.contract import UnknownBackend, is_count, require
from course.lessons import LESSONS
from course.settings import LARGEST_SEED, MOST_EPOCHS, MOST_THREADS, Settings, interval
from spelling import unknown

ONE_OF: dict[str, tuple[str, ...]] = {
    "dtype": ("float32", "float64"),
    "device": ("auto", "cpu", "gpu"),
}
RANGES = {"seed": (0, LARGEST_SEED), "epochs": (1, MOST_EPOCHS), "threads": (1, MOST_THREADS)}


def checked(number: object, settings: Mapping[str, Any]) -> Settings:
    """The validated settings of a lesson; a SettingsError names the value that is wrong."""
    require(
        is_count(number) and number in LESSONS,
        f"there is no lesson {number!r}: choose one of {', '.join(map(str, LESSONS))}",
    )
    names = [field.name for field in fields(Settings)]
    unexpected = [name for name in settings if name not in names]
    require(not unexpected, unknown("setting", "".join(unexpected[:1]), names))
    chosen = replace(Settings(), **settings)
    require(
        chosen.world is None,
        "several workers are several processes: use the command line, WORKERS=2",
    )
    require(
        isinstance(chosen.backend, str) and chosen.backend in BACKENDS,
        unknown("backend", chosen.backend, BACKENDS),
        UnknownBackend,
    )
    for name, words in ONE_OF.items():
        value = getattr(chosen, name)
        require(
            isinstance(value, str) and value in words,
            unknown(name, value, words),
        )
    for name, (low, high) in RANGES.items():
        value = getattr(chosen, name)
        require(
            (value is None and name != "seed") or (is_count(value) and low <= value <= high),
            f"{name} is {value!r}: it must be a whole number from {low} to {high}",
        )
    rate = chosen.learning_rate
    require(
        rate is None or (_is_number(rate) and rate > 0),
        f"learning_rate is {rate!r}: it must be a positive number",
    )
    knobs: Any = chosen.knobs
    require(
        knobs is None or (isinstance(knobs, tuple | list) and all(map(_is_number, knobs))),
        f"knobs are {knobs!r}: they must be a tuple of numbers",
    )
    require(
        chosen.data is None or isinstance(chosen.data, str),
        f"data is {chosen.data!r}: it must be a name or a path, as text",
    )
    if chosen.checkpoint is not None:
        interval(chosen.checkpoint)
    require(
        chosen.resume in (None, "auto"),
        f"resume is {chosen.resume!r}: expected 'auto', or nothing to train from the start",
    )
    out: Any = chosen.out
    require(isinstance(out, str | PurePath), f"out is {out!r}: it must be a folder")
    return chosen


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and isinstance(value, Real) and isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False

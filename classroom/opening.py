"""The object that an exercise file works with: a backend, imported on first use, and a seed."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters import load
from adapters.contract import Array, Model, SettingsError, require
from course.lessons import LESSONS
from course.settings import Settings
from course.settings_validation import checked as settings_checked

if TYPE_CHECKING:
    from classroom.notebook_report import Report


@dataclass(frozen=True)
class Exercises:
    """The exercises of one lesson: number, settings and backend."""

    number: int
    settings: Settings

    @cached_property
    def Model(self) -> type[Model]:  # noqa: N802 - a class, and the name that lessons use
        """The backend's model class. Raises BackendNotInstalled, UnknownBackend."""
        s = self.settings
        return load(s.backend, dtype=s.dtype, device=s.device, threads=s.threads)

    @property
    def seed(self) -> int:
        """The seed of all random numbers."""
        return self.settings.seed

    def numbers(self, values: Any) -> Array:
        """An array in the run's dtype."""
        return np.asarray(values, self.settings.dtype)

    def check(self, exercise: int | None = None) -> Report | None:
        """Points and a hint for an exercise of the notebook that calls this, or for all of them.

        While a check runs the file, nothing happens. Raises SettingsError.
        """
        if _prepared.get() is not None:
            return None
        from classroom.notebook_check import check

        return check(self.number, self.settings, exercise, sys._getframe(1).f_globals)


# What a check hands to the file that it runs, which calls `open_exercises` without naming it.
_prepared: ContextVar[Exercises | None] = ContextVar("prepared", default=None)


def prepare(exercises: Exercises) -> None:
    """Let the file that runs next, in this process, open these exercises."""
    _prepared.set(exercises)


def open_(number: int, **settings: Any) -> Exercises:
    """The exercises that a check has prepared, or else new ones with these settings.

    Raises SettingsError for a wrong number or setting.
    """
    require(
        isinstance(number, int) and number in LESSONS,
        f"there are no exercises of a lesson {number!r}: choose one of "
        f"{', '.join(map(str, LESSONS))}",
        SettingsError,
    )
    prepared = _prepared.get()
    if prepared is not None:
        require(
            prepared.number == number,
            f"this file opens the exercises of lesson {number}, but the check is for lesson "
            f"{prepared.number}",
            SettingsError,
        )
        return prepared
    chosen = {"backend": os.environ.get("BACKEND") or Settings.backend, **settings}
    return Exercises(number, settings_checked(number, chosen))

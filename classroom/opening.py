"""What a file of exercises holds in its hands: a backend, imported once it is asked for, a seed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from adapters import load
from adapters.contract import Array, Model, SettingsError, require
from course.settings import CHAPTERS, Settings
from course.settings_validation import checked as settings_checked


@dataclass(frozen=True)
class Exercises:
    """The exercises of one lesson, as somebody works on them."""

    number: int
    settings: Settings

    @cached_property
    def Model(self) -> type[Model]:  # noqa: N802 - a class, and called so in the lessons
        """The backend's model class. Raises BackendNotInstalled, UnknownBackend."""
        s = self.settings
        return load(s.backend, dtype=s.dtype, device=s.device, threads=s.threads)

    @property
    def seed(self) -> int:
        """Where the random numbers begin."""
        return self.settings.seed

    def numbers(self, values: Any) -> Array:
        """An array in the run's dtype."""
        return np.asarray(values, self.settings.dtype)


checked: list[Exercises] = []  # what a check has prepared in this process, if it is one


def opened(number: int, **settings: Any) -> Exercises:
    """The exercises that a check has prepared, or else new ones with these settings."""
    require(
        isinstance(number, int) and number in CHAPTERS,
        f"there are no exercises of a lesson {number!r}: choose one of "
        f"{', '.join(map(str, CHAPTERS))}",
        SettingsError,
    )
    if checked:
        require(
            checked[-1].number == number,
            f"this file opens the exercises of lesson {number}, and those of lesson "
            f"{checked[-1].number} are checked",
            SettingsError,
        )
        return checked[-1]
    chosen = {"backend": os.environ.get("BACKEND") or Settings.backend, **settings}
    return Exercises(number, settings_checked(number, chosen))

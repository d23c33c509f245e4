"""Run a lesson: its settings, its training loop, its figures and its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.lesson import Lesson

__all__ = ["open_lesson"]


def open_lesson(number: int, **settings: Any) -> Lesson:
    """Open a lesson and load its backend: the first line of every lesson file.

    settings: fields of course.settings.Settings, for a notebook; the command line ignores them.
    Raises SettingsError for a wrong setting.
    """
    from course import runner  # late, so that --help loads neither NumPy nor a framework

    return runner.open_lesson(number, **settings)

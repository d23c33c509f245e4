"""Running a lesson: its settings, its training loop, its figures, and the record it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.lesson import Lesson

__all__ = ["open_lesson"]


def open_lesson(number: int, **settings: Any) -> Lesson:
    """The first line of every lesson: its backend, data, and drawing board.

    settings: fields of course.settings.Settings, for a notebook; the command line has the last
    word. Imported late, so that asking for help loads neither NumPy nor a framework.
    """
    from course.lesson_context import opened

    return opened(number, **settings)

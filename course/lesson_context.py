"""Opening a lesson: the one that the command line has prepared, or a new one in a notebook."""

from __future__ import annotations

from typing import Any

from adapters.contract import SettingsError, require
from course import gc_control
from course.lesson import Lesson
from course.settings import Settings
from course.settings_validation import checked
from course.translation import catalogue

waiting: list[Lesson] = []  # prepared by the command line for the lesson's file to open


def open_lesson(number: int, **settings: Any) -> Lesson:
    """Return the lesson that the command line has prepared, or a new one with these settings.

    Raises SettingsError for a wrong setting, or if another lesson was prepared.
    """
    if waiting:
        lesson = waiting[-1]
        require(
            lesson.number == number,
            f"this file opens lesson {number}, but lesson {lesson.number} was started",
            SettingsError,
        )
    else:
        chosen = checked(number, settings)
        if chosen.language != Settings.language:
            catalogue(number, chosen.language)  # raises where there is none
        lesson = Lesson(number, chosen)
    if lesson.settings.language != Settings.language:  # the same numbers, other figures
        lesson.chosen["language"] = (lesson.settings.language, Settings.language)
    lesson.begin()
    gc_control.resume()  # the backend is imported
    return lesson

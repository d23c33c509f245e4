"""Which lesson a lesson's file means when it opens one: the command line's, or one of its own."""

from __future__ import annotations

from typing import Any

from adapters.contract import SettingsError, require
from course import gc_control
from course.lesson import Lesson
from course.settings import Settings
from course.settings_validation import checked
from course.translation import catalogue

waiting: list[Lesson] = []  # the lesson that the command line has prepared, if it has


def opened(number: int, **settings: Any) -> Lesson:
    """The lesson that the command line has prepared, or else a new one with these settings."""
    if waiting:
        lesson = waiting[-1]
        require(
            lesson.number == number,
            f"this file opens lesson {number}, but lesson {lesson.number} was asked for",
            SettingsError,
        )
    else:
        chosen = checked(number, settings)
        if chosen.language != Settings.language:
            catalogue(number, chosen.language)  # raises where there is none
        lesson = Lesson(number, chosen)
    if lesson.settings.language != Settings.language:  # the same numbers, but other figures
        lesson.chosen["language"] = (lesson.settings.language, Settings.language)
    lesson.begin()
    gc_control.as_usual()  # the backend is there
    return lesson

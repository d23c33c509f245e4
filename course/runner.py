"""Open a lesson; run its file for one seed or several, and finish or remove its output.

In another language the same file runs, with the strings that a reader sees translated.
"""

from __future__ import annotations

import contextlib
import signal
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from types import CodeType
from typing import Any

from adapters.contract import NotFinite, SettingsError, TriptychError, require
from course import console, own_process, result_file
from course.lesson import Lesson
from course.lesson_context import LessonContext, StopLesson
from course.lessons import LESSONS
from course.settings import LARGEST_SEED, ROOT, Settings
from course.settings_validation import checked
from course.translation import catalogue, source, translated_code
from course.translation.catalogues import SOURCE_LANGUAGE

# The lesson that `run_lesson` is running; its file calls `open_lesson` without naming it.
_running: ContextVar[Lesson | None] = ContextVar("running", default=None)


def open_lesson(number: int, **settings: Any) -> Lesson:
    """Return the lesson that is being run, or a new one with these settings, and load its backend.

    Raises SettingsError for a wrong setting, or if another lesson is being run.
    """
    lesson = _running.get()
    if lesson is not None:
        require(
            lesson.number == number,
            f"this file opens lesson {number}, but lesson {lesson.number} was started",
            SettingsError,
        )
    else:
        chosen = checked(number, settings)
        if chosen.language != SOURCE_LANGUAGE:
            catalogue(number, chosen.language)  # raises where there is none
        lesson = Lesson(number, chosen)
    if lesson.settings.language != SOURCE_LANGUAGE:  # the same numbers, other figures
        lesson.chosen["language"] = (lesson.settings.language, SOURCE_LANGUAGE)
    lesson.begin()
    own_process.resume_collection()  # the backend is imported
    return lesson


def run_lesson(number: int, settings: Settings, context: LessonContext | None = None) -> Lesson:
    """Run a lesson from its file; an error is raised after the finished runs are recorded.

    context: callbacks; one of them may end the lesson by raising StopLesson.
    """
    program = compiled(number, settings.language)
    context = context or LessonContext()
    current = Lesson(number, settings, context)
    token = _running.set(current)
    try:
        if context.started is not None:
            context.started(current)
        context.names.update(__name__="__main__", __file__=program.co_filename)
        exec(program, context.names)
        if current.finished_in is None:
            raise TriptychError(
                f"lesson {number} ended without lesson.finish(): nothing was recorded"
            )
    except StopLesson:
        current.abandon()
    except BaseException as error:
        _record_finished_runs(current, error)
        raise
    finally:
        _running.reset(token)
        if context.ended is not None:
            context.ended(current)
    return current


def run_seeds(
    number: int, settings: Settings, seeds: int, result: Path | None = None,
    context: LessonContext | None = None,
) -> None:  # fmt: skip
    """Run a lesson for this many seeds, and print the spread of what it measured.

    result: a file that names the records to the program that started this one.
    """
    last = settings.seed + seeds - 1
    require(
        last <= LARGEST_SEED,
        f"--seeds={seeds} ends at seed {last}: it must be at most {LARGEST_SEED}",
    )
    results, records = [], []
    for seed in range(settings.seed, last + 1):
        current = run_lesson(number, replace(settings, seed=seed), context)
        results.append(current.accuracies | current.measures)
        if result is not None and current.finished_in is not None:
            records.append(current.finished_in)
            result_file.write(result, records, complete=seed == last)
    if seeds > 1:
        rows = []
        for name in results[0]:
            values = [result[name] for result in results]
            cells = (mean(values), stdev(values), min(values), max(values))
            rows.append([name, *(f"{value:.4f}" for value in cells)])
        title = f"Lesson {number}, seeds {settings.seed} to {last}"
        console.table(title, ["", "mean", "std", "lowest", "highest"], rows)


def compiled(number: int, language: str) -> CodeType:
    """A lesson's compiled program; file name and line numbers are the same in every language."""
    file, text = ROOT / "lessons" / LESSONS[number].file, source(number)
    if language != SOURCE_LANGUAGE:
        text = translated_code(text, language, catalogue(number, language))
    return compile(text, file, "exec")


def _record_finished_runs(current: Lesson, error: BaseException) -> None:
    """Record the finished runs of a diverged or interrupted lesson, else remove its output."""
    # A second Ctrl-C from here on would leave a record half written. Other threads than the main
    # one do not receive it, and cannot set a handler.
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if isinstance(error, (NotFinite, KeyboardInterrupt)) and current.arrays:
            current.finish(status="diverged" if isinstance(error, NotFinite) else "interrupted")
    finally:
        if current.finished_in is None:  # even if the disk was too full for the record
            current.abandon()

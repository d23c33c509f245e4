"""Run a lesson once on the reference, and collect its figures, tables and variables."""

from __future__ import annotations

import contextlib
import io
import runpy
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course import console, lesson_context
from course.lesson import Lesson
from course.lessons import LESSONS
from course.settings import ROOT, Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A figure and its alternative text."""

    figure: Figure
    alt: str


@dataclass
class LessonRun:
    """The results of a lesson: its figures, its tables, and the variables of its file."""

    figures: dict[str, Drawing] = field(default_factory=dict)
    tables: dict[str, tuple[list[str], list[list[str]]]] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """The final value of a variable at the top level of the lesson's file."""
        try:
            return self.__dict__["names"][name]
        except KeyError:
            raise AttributeError(f"the lesson has no name {name!r}") from None


class RecordingLesson(Lesson):
    """A lesson that collects its figures and tables instead of saving or printing them."""

    def __init__(self, number: int, settings: Settings, run: LessonRun) -> None:
        super().__init__(number, settings)
        self.run = run

    def show(self, figure: Figure, name: str, alt: str) -> None:
        self.run.figures[name] = Drawing(figure, alt)

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        cells = [[str(cell) for cell in row] for row in rows]
        self.run.tables[title] = (list(header), cells)


def run_lesson(number: int) -> LessonRun:
    """Run a lesson on NumPy with its own settings, silently."""
    run = LessonRun()
    with tempfile.TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()):
        console.console.quiet = True
        settings = Settings("numpy", device="cpu", threads=1, out=out, draw=False)
        lesson_context.waiting.append(RecordingLesson(number, settings, run))
        try:
            path = ROOT / "lessons" / LESSONS[number].file
            run.names = runpy.run_path(str(path), run_name="__main__")
        finally:
            lesson_context.waiting.pop()
            console.console.quiet = False
    return run

"""Run a lesson once on the reference, and collect its figures, tables and variables."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course import console, runner
from course.lesson_context import LessonContext
from course.lessons import LESSONS
from course.settings import Settings

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


def run_lesson(number: int, short: bool = False) -> LessonRun:
    """Run a lesson on NumPy with its own settings, silently. short: for a few epochs, for tests."""
    figures: dict[str, Drawing] = {}
    tables: dict[str, tuple[list[str], list[list[str]]]] = {}

    def show(figure: Figure, name: str, alt: str) -> None:
        figures[name] = Drawing(figure, alt)

    def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        tables[title] = (list(header), [[str(cell) for cell in row] for row in rows])

    context = LessonContext(show=show, table=table)
    with tempfile.TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()):
        console.console.quiet = True
        try:
            epochs = LESSONS[number].short_epochs if short else None
            settings = Settings(
                "numpy", device="cpu", epochs=epochs, threads=1, out=out, draw=False
            )
            runner.run_lesson(number, settings, context)
        finally:
            console.console.quiet = False
    return LessonRun(figures, tables, context.names)

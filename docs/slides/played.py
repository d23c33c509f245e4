"""A lesson, run once on the reference, with everything it drew, printed and named kept in hand."""

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
from course.settings import CHAPTERS, ROOT, Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A figure, and what it shows in words for those who cannot see it."""

    figure: Figure
    alt: str


@dataclass
class Played:
    """What a lesson left behind: its figures, its tables, and the names in its file."""

    figures: dict[str, Drawing] = field(default_factory=dict)
    tables: dict[str, tuple[list[str], list[list[str]]]] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """A name at the top level of the lesson's file, as it was at the end."""
        try:
            return self.__dict__["names"][name]
        except KeyError:
            raise AttributeError(f"the lesson has no name {name!r}") from None


class Keeping(Lesson):
    """A lesson that hands its figures and tables over and saves or prints none."""

    def __init__(self, number: int, settings: Settings, played: Played) -> None:
        super().__init__(number, settings)
        self.played = played

    def show(self, figure: Figure, name: str, alt: str) -> None:
        self.played.figures[name] = Drawing(figure, alt)

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        cells = [[str(cell) for cell in row] for row in rows]
        self.played.tables[title] = (list(header), cells)


def play(number: int) -> Played:
    """Run a lesson on NumPy with its own settings, silently."""
    played = Played()
    with tempfile.TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()):
        console.console.quiet = True
        settings = Settings("numpy", device="cpu", threads=1, out=out, draw=False)
        lesson_context.waiting.append(Keeping(number, settings, played))
        try:
            path = ROOT / "lessons" / CHAPTERS[number].file
            played.names = runpy.run_path(str(path), run_name="__main__")
        finally:
            lesson_context.waiting.pop()
            console.console.quiet = False
    return played

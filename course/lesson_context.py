"""What a program wants of the lesson that it runs, as callbacks: the argument of `run_lesson`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course.training import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class StopLesson(Exception):
    """Raised by a callback that needs no more of the lesson, whose output is then removed."""


@dataclass(frozen=True)
class LessonContext:
    """Callbacks of a lesson's run; those that are None leave the lesson to do it itself.

    train(run), table(title, header, rows) and show(figure, name, alt) are called instead of
    training the run, printing the table and saving the figure. started and ended get the Lesson.
    names: the variables at the top level of the lesson's file; filled by its run.
    """

    train: Callable[[Run], None] | None = None
    table: Callable[[str, Sequence[str], Sequence[Sequence[object]]], None] | None = None
    show: Callable[[Figure, str, str], None] | None = None
    started: Callable[[Any], None] | None = None
    ended: Callable[[Any], None] | None = None
    names: dict[str, Any] = field(default_factory=dict)

"""Many answers to one lesson's exercises, each judged by itself, in one process for all of them."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence
from typing import Any

from classroom.check import exercises
from classroom.exercise import judged
from classroom.rooms import OPEN
from classroom.sources import Source
from classroom.student import Student
from course.settings import Settings
from tests.classroom.checking import DRAW, GENEROUS
from tests.classroom.handing_in import solution

ANSWER = """

def _answer_{place}():
{body}
    return locals()


globals().update({{f"{{name}}__{place}": value for name, value in _answer_{place}().items()}})
"""


class Renamed(Student):
    """Somebody whose answers are those of one place; what is not among them, the solution has."""

    place = -1
    known: frozenset[str] = frozenset()

    def at(self, place: int) -> Renamed:
        """The same one, whose answers are now those of another place."""
        self.place = place
        return self

    def call(self, name: str, *arguments: Any) -> Any:
        return super().call(self._here(name), *arguments)

    def follow(self, name: str, a: Any, b: Any) -> tuple[Any, set[str]]:
        return super().follow(self._here(name), a, b)

    def value(self, name: str) -> Any:
        return super().value(self._here(name))

    def _here(self, name: str) -> str:
        self.known = self.known or frozenset(super().value("_names"))
        return f"{name}__{self.place}" if f"{name}__{self.place}" in self.known else name


def changed(before: str, after: str) -> str:
    """The statements of a program that are not in the one it was made from."""
    kept = {ast.unparse(node) for node in ast.parse(before).body}
    return "\n".join(
        text for node in ast.parse(after).body if (text := ast.unparse(node)) not in kept
    )


def judged_together(lesson: int, answers: Sequence[tuple[str, str]]) -> list[tuple[float, str]]:
    """Points and hint of each answer; answers: the exercise, and the program to put into it."""
    text = solution(lesson) + "".join(
        ANSWER.format(place=place, body=textwrap.indent(code.strip("\n"), "    "))
        for place, (_, code) in enumerate(answers)
    )
    text += "\n_names = [name for name in globals() if not name.startswith('_')]\n"
    by_name = {one.name: one for one in exercises(lesson)}
    with Renamed(lesson, Source(text), Settings(backend="numpy"), OPEN, GENEROUS, DRAW) as student:
        student.load()
        return [
            judged(by_name[exercise], student.at(place))
            for place, (exercise, _) in enumerate(answers)
        ]

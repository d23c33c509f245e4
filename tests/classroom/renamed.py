"""Judge many answers to the exercises of one lesson separately, but in a single process."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence
from typing import Any

from classroom.check import exercises
from classroom.exercise import judge
from classroom.sandbox import UNCONFINED
from classroom.sources import Source
from classroom.student import Student
from course.settings import Settings
from tests.classroom.handing_in import CHECK_SEED, GENEROUS, solution

ANSWER = """

def _answer_{place}():
{body}
    return locals()


globals().update({{f"{{name}}__{place}": value for name, value in _answer_{place}().items()}})
"""


class Renamed(Student):
    """A student with the answer at one position; all other names come from the solution."""

    place = -1
    known: frozenset[str] = frozenset()

    def at(self, place: int) -> Renamed:
        """Switch to the answer at another position."""
        self.place = place
        return self

    def call(self, name: str, *arguments: Any) -> Any:
        return super().call(self._renamed(name), *arguments)

    def follow(self, name: str, a: Any, b: Any) -> tuple[Any, set[str]]:
        return super().follow(self._renamed(name), a, b)

    def value(self, name: str) -> Any:
        return super().value(self._renamed(name))

    def _renamed(self, name: str) -> str:
        self.known = self.known or frozenset(super().value("_names"))
        return f"{name}__{self.place}" if f"{name}__{self.place}" in self.known else name


def changed(before: str, after: str) -> str:
    """The statements of program `after` that are not in program `before`."""
    old = {ast.unparse(node) for node in ast.parse(before).body}
    return "\n".join(
        text for node in ast.parse(after).body if (text := ast.unparse(node)) not in old
    )


def judged_together(lesson: int, answers: Sequence[tuple[str, str]]) -> list[tuple[float, str]]:
    """Points and hint of each answer; answers: pairs of an exercise and its code."""
    text = solution(lesson) + "".join(
        ANSWER.format(place=place, body=textwrap.indent(code.strip("\n"), "    "))
        for place, (_, code) in enumerate(answers)
    )
    text += "\n_names = [name for name in globals() if not name.startswith('_')]\n"
    by_name = {exercise.name: exercise for exercise in exercises(lesson)}
    settings = Settings(backend="numpy")
    with Renamed(lesson, Source(text), settings, UNCONFINED, GENEROUS, CHECK_SEED) as student:
        student.load()
        return [
            judge(by_name[exercise], student.at(place))
            for place, (exercise, _) in enumerate(answers)
        ]

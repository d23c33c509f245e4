"""An answer that a test judges, a cheat or a wrong one, with the hint that it must get."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from classroom.solution_markers import BEGIN, END

# A cheat: code in place of one exercise's answer, and the hint that it must get.

COURSE = "the course's own code does the work"
PROCESS = "another process does the work"
LIBRARY = "does the work. Write it yourself"
METHOD = "does the work. Keep the method in your class"
REFUSED = "The course's own files hold answers"
WALKING = "NumPy should not do the walking"
AS_THEY_COME = "Use them as they come"
CHANGED = "are not any more what they were"


@dataclass(frozen=True)
class Cheat:
    """One cheat. code: the text in the file. hint: a part of the expected hint."""

    lesson: int
    exercise: str
    idea: str
    code: str
    hint: str

    @property
    def possible(self) -> bool:
        """Whether the libraries that it imports are installed."""
        needed = re.findall(r"(?:from|import) (scipy|torch)\b", self.code)
        return all(find_spec(name) for name in needed)


# A wrong answer: one change in a solution, and the hint that it must get.

LAST_IN_A_PAIR = 6  # the wrong answers of later lessons have a file of their own


@dataclass(frozen=True)
class WrongAnswer:
    """A typical mistake in one exercise.

    old: text that occurs once in the lesson's file, inside a solution. new: the student's text in
    its place. hint: a part of the expected hint.
    """

    exercise: str
    mistake: str
    old: str
    new: str
    hint: str

    def applied(self, solution: str) -> str:
        """The solution with this mistake."""
        assert solution.count(self.old) == 1, f"{self.mistake}: not once: {self.old!r}"
        before = solution[: solution.index(self.old)]
        within = before.count(BEGIN) == before.count(END) + 1
        assert within, f"{self.mistake}: outside of a solution"
        return solution.replace(self.old, self.new)


def wrong_answers(lesson: int) -> list[WrongAnswer]:
    """The typical wrong answers to a lesson's exercises; the first files have two lessons each."""
    first = lesson - (lesson + 1) % 2
    name = f"lessons_{first}_{first + 1}" if lesson <= LAST_IN_A_PAIR else f"lesson_{lesson}"
    file = import_module(f"tests.classroom.wrong_answers.{name}")
    table: list[WrongAnswer] = getattr(file, f"LESSON_{lesson}")
    return table

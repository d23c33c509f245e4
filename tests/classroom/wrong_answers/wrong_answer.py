"""A wrong answer: one change in a solution, and the hint that it must get."""

from __future__ import annotations

from dataclasses import dataclass

from classroom.solution_markers import BEGIN, END


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

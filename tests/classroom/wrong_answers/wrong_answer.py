"""A wrong answer: one change of a solution, and what somebody who writes it is told."""

from __future__ import annotations

from dataclasses import dataclass

from classroom.solution_markers import BEGIN, END


@dataclass(frozen=True)
class WrongAnswer:
    """A typical mistake in one exercise.

    old: a piece of the solution, once in the lesson's file and within the marks of a solution.
    new: what a student writes instead. hint: a part of the hint that was written for it.
    """

    exercise: str
    mistake: str
    old: str
    new: str
    hint: str

    def applied(self, solution: str) -> str:
        """The solution with the mistake in it."""
        assert solution.count(self.old) == 1, f"{self.mistake}: not once: {self.old!r}"
        before = solution[: solution.index(self.old)]
        within = before.count(BEGIN) == before.count(END) + 1
        assert within, f"{self.mistake}: outside of a solution"
        return solution.replace(self.old, self.new)

"""Statistics of a class: mean and median, and how each exercise went, with its hints.

A submission that is empty or does not run has no points, and counts as that: a mean over those
that ran would praise a class in which half of the files fail. Only what Ctrl-C left ungraded does
not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from classroom.gradebook import Line, Status
from classroom.scores import Scored

STATUSES: tuple[Status, ...] = ("ok", "failed", "not graded")


@dataclass(frozen=True)
class ExerciseSummary:
    """How the class did in one exercise.

    full, part, none: numbers of students with all points, some, and none. share: the mean share of
    its points. hints: each with the number of students who got it, the most frequent first.
    """

    lesson: int
    name: str
    title: str
    out_of: float
    full: int
    part: int
    none: int
    share: float
    hints: tuple[tuple[str, int], ...]

    @property
    def column(self) -> str:
        """Its name in a table, such as `lesson1:by_hand`."""
        return f"lesson{self.lesson}:{self.name}"


@dataclass(frozen=True)
class ClassSummary:
    """The numbers of a class. mean, median: percent of the points; None if nothing was graded."""

    submissions: int
    counts: dict[Status, int]
    mean: float | None
    median: float | None
    exercises: tuple[ExerciseSummary, ...]  # in the order of the lessons

    @property
    def hardest(self) -> list[ExerciseSummary]:
        """The exercises, the one with the smallest share of its points first."""
        return sorted(self.exercises, key=lambda each: each.share)


def summary(lines: Sequence[Line]) -> ClassSummary:
    """The statistics of a class."""
    graded = [line for line in lines if line.status != "not graded"]
    percent = [100 * line.points / line.out_of if line.out_of else 0.0 for line in graded]
    return ClassSummary(
        submissions=len(lines),
        counts={status: sum(line.status == status for line in lines) for status in STATUSES},
        mean=mean(percent) if percent else None,
        median=median(percent) if percent else None,
        exercises=tuple(_exercises(graded)),
    )


def _exercises(graded: Sequence[Line]) -> list[ExerciseSummary]:
    """One summary for each exercise that can be earned points in."""
    results: dict[tuple[int, str], list[tuple[Scored, str]]] = {}
    for line in sorted(graded, key=lambda line: line.lesson or 0):
        for scored in line.exercises:
            if scored.out_of and line.lesson is not None:
                # A file that does not run has one reason for all of its exercises.
                reason = scored.hint or line.reason
                results.setdefault((line.lesson, scored.name), []).append((scored, reason))
    return [_summary_of(lesson, name, each) for (lesson, name), each in results.items()]


def _summary_of(lesson: int, name: str, results: list[tuple[Scored, str]]) -> ExerciseSummary:
    scores = [scored for scored, _ in results]
    full = sum(scored.points == scored.out_of for scored in scores)
    none = sum(scored.points == 0 for scored in scores)
    hints = Counter(hint for scored, hint in results if hint and scored.points < scored.out_of)
    title = next((scored.title for scored in scores if scored.title), name)
    return ExerciseSummary(
        lesson, name, title, scores[0].out_of, full, len(scores) - full - none, none,
        mean(scored.points / scored.out_of for scored in scores), tuple(hints.most_common()),
    )  # fmt: skip

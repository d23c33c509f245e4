"""The results of a class by student and lesson, and what the lessons are worth."""

from __future__ import annotations

from collections.abc import Sequence

from classroom.gradebook import Line
from classroom.roster import Class, Person
from classroom.scores import format_points
from course.lessons import LESSONS

LONGEST = 2000  # characters of a feedback


def lessons_graded(lines: Sequence[Line]) -> dict[int, float]:
    """The possible points of each lesson that somebody handed in."""
    found: dict[int, float] = {}
    for line in lines:
        if line.lesson is not None:
            found[line.lesson] = max(found.get(line.lesson, 0.0), line.out_of)
    return dict(sorted(found.items()))


def title(lesson: int) -> str:
    """The name of a lesson's column, without brackets: Canvas takes (4711) for its own number."""
    return f"Lesson {lesson}: {LESSONS[lesson].title}"


def by_student(lines: Sequence[Line], of: Class) -> list[tuple[Person, str, dict[int, Line]]]:
    """Each person, the name of the submission, and the line of each lesson; who is absent last."""
    results: dict[str, dict[int, Line]] = {}
    for line in lines:
        own = results.setdefault(line.student, {})
        if line.lesson is not None:
            own[line.lesson] = line
    rows = [(of.person(student), student, own) for student, own in results.items()]
    return [*rows, *((person, "", {}) for person in of.absent)]


def points(line: Line | None) -> float | None:
    """The points of a lesson: 0 for a file that does not run, none for one not handed in."""
    return None if line is None or line.status == "not graded" else line.points


def feedback(line: Line | None) -> str:
    """The hints of a lesson in one paragraph."""
    if line is None or line.status == "not graded":
        return ""
    parts = [line.reason] if line.reason else []
    parts += [
        f"{each.title or each.name} ({format_points(each.points)}/{format_points(each.out_of)}): "
        f"{each.hint}"
        for each in line.exercises
        if each.hint
    ]
    return " · ".join(parts)[:LONGEST]

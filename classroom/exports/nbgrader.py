"""nbgrader: the table that `nbgrader export` writes, for scripts that read it.

A line for each student and assignment, with the columns of HEADER, in the order of nbgrader 0.9.6
(`ExportPlugin` in nbgrader/plugins/export.py). What was not handed in has no time and 0 points.
https://nbgrader.readthedocs.io/en/stable/plugins/export-plugin.html
"""

from __future__ import annotations

from collections.abc import Sequence

from classroom import spreadsheets
from classroom.exports.lessons_graded import by_student, lessons_graded, points
from classroom.gradebook import Line
from classroom.roster import Class

HEADER = [
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
]  # fmt: skip


def as_csv(lines: Sequence[Line], of: Class) -> str:
    """A line for each student and lesson; what was not handed in has 0 points, as in nbgrader."""
    rows: list[list[spreadsheets.Cell]] = []
    for lesson, worth in lessons_graded(lines).items():
        for person, student, own in by_student(lines, of):
            earned = points(own.get(lesson)) or 0.0
            rows.append([
                f"lesson{lesson}", "", "", person.login or person.number or student,
                person.last or person.name, person.first, person.email, earned, 0.0, earned, worth,
            ])  # fmt: skip
    return spreadsheets.as_csv(HEADER, rows)

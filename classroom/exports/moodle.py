"""Moodle: Grades → Import → CSV file.

Moodle takes a header and a line for each student. On the page after the upload one maps a column
to a field that identifies the user (username, ID number, e-mail address) and each other column to a
grade item or its feedback; what is not mapped is ignored. A line whose user Moodle does not know
ends the whole import, and so does a grade that is no number; an empty one is no grade.
https://docs.moodle.org/en/Grade_import
"""

from __future__ import annotations

from collections.abc import Sequence

from classroom import spreadsheets
from classroom.exports.lessons_graded import by_student, feedback, lessons_graded, points, title
from classroom.gradebook import Line
from classroom.roster import Class

IDENTIFIERS = ["Username", "ID number", "Email address"]


def as_csv(lines: Sequence[Line], of: Class) -> str:
    """A line for each student; two columns for each lesson, its points and its feedback.

    With a roster, only who is on it: Moodle would refuse everything for one stranger.
    """
    lessons = lessons_graded(lines)
    header = [*IDENTIFIERS, "Full name"]
    for lesson in lessons:
        header += [title(lesson), f"{title(lesson)} feedback"]
    rows = []
    for person, student, own in by_student(lines, of):
        if student in of.strangers or not own:
            continue
        row: list[spreadsheets.Cell] = [person.login, person.number, person.email, person.name]
        for lesson in lessons:
            row += [points(own.get(lesson)), feedback(own.get(lesson))]
        rows.append(row)
    return spreadsheets.as_csv(header, rows)

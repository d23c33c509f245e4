"""Canvas: Grades → Import.

The header begins with Student, ID, SIS User ID, SIS Login ID and Section; each column after them is
an assignment. The second line, `Points Possible` in its first cell, has the possible points. Canvas
looks a student up by ID, then by the SIS columns, then by name, and lets one confirm each new
assignment. An empty cell is no grade.
https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807
"""

from __future__ import annotations

from collections.abc import Sequence

from classroom import spreadsheets
from classroom.exports.lessons_graded import by_student, lessons_graded, points, title
from classroom.gradebook import Line
from classroom.roster import Class

HEADER = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]


def as_csv(lines: Sequence[Line], of: Class) -> str:
    """The possible points, then a line for each student; a column for each lesson."""
    lessons = lessons_graded(lines)
    rows: list[list[spreadsheets.Cell]] = [["Points Possible", "", "", "", "", *lessons.values()]]
    for person, student, own in by_student(lines, of):
        if student in of.strangers or not own:
            continue
        # A name that only the file has is no login of Canvas.
        login = person.login if student in of.people else ""
        about = [person.name, person.canvas, person.number, login, person.section]
        rows.append([*about, *(points(own.get(lesson)) for lesson in lessons)])
    return spreadsheets.as_csv([*HEADER, *map(title, lessons)], rows)

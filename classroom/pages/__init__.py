"""The pages of a graded class: one for each student to hand back, and an overview.

Each is a single HTML file that needs no network. Names, hints and plots are untrusted: templates
escape every value, and a policy in the page forbids scripts and anything from elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from classroom.class_summary import summary
from classroom.exports.lessons_graded import lessons_graded
from classroom.gradebook import Line
from classroom.roster import Class
from classroom.scores import Scored, format_points
from course.digests import digest
from course.lessons import LESSONS
from datasets.atomic_files import write_whole

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).parent
OVERVIEW, STUDENTS = "index.html", "students"
MOST_HINTS = 4  # of one exercise on the overview
LONGEST_NAME = 50  # characters of a file's name, each of up to four bytes
DIGITS = 6  # of a digest that keeps two names apart
# Windows takes these for devices, with any suffix.
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
MARKS = {"full": "✓", "part": "~", "none": "✗"}


def write_pages(lines: Sequence[Line], of: Class, backend: str, out: Path) -> Path:
    """Write the pages of a class into a folder, the overview last; returns the overview.

    Pages of other students in the folder stay.
    """
    css = (HERE / "page.css").read_text(encoding="utf-8")
    results: dict[str, list[Line]] = {}
    for line in lines:
        results.setdefault(line.student, []).append(line)
    files = file_names(results)
    names = {student: of.person(student).name for student in results}
    page = _template("student.html")
    for student, own in results.items():
        text = page.render(
            css=css, name=names[student], backend=backend, lines=own, heading=_heading
        )
        write_whole(out / STUDENTS / files[student], text.encode())
    text = _template("overview.html").render(
        css=css,
        backend=backend,
        summary=summary(lines),
        failed=[line for line in lines if line.status == "failed"],
        unfinished=[line for line in lines if line.status == "not graded"],
        absent=[person.name for person in of.absent],
        strangers=of.strangers,
        lessons=lessons_graded(lines),
        results={
            student: {line.lesson: line for line in own if line.lesson is not None}
            for student, own in results.items()
        },
        names=names,
        links={student: f"{STUDENTS}/{quote(file)}" for student, file in files.items()},
        most_hints=MOST_HINTS,
    )
    return write_whole(out / OVERVIEW, text.encode())


def file_names(students: Iterable[str]) -> dict[str, str]:
    """A file name for each student's page, the same each time, and no two alike in any case."""
    short = {
        student: re.sub(r"[^\w-]+", "-", student).strip("-_")[:LONGEST_NAME] for student in students
    }
    count = Counter(name.casefold() for name in short.values())
    return {
        student: f"{name}.html"
        if name == student and count[name.casefold()] == 1 and not RESERVED.fullmatch(name)
        else f"{name or 'student'}-{digest([student.encode()])[:DIGITS]}.html"
        for student, name in short.items()
    }


def _heading(line: Line) -> str:
    if line.lesson is None:
        return "A file of no known lesson"
    return f"Lesson {line.lesson} · {LESSONS[line.lesson].title}"


def _kind(scored: Scored) -> str:
    """Whether a student has all points of an exercise (full), some (part) or none."""
    return "full" if scored.points == scored.out_of else "part" if scored.points else "none"


def _template(name: str) -> Template:
    """A template: values are escaped, and a name that is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "html": Markup, "points": format_points, "kind": _kind,
        "mark": lambda scored: MARKS[_kind(scored)],
    }  # fmt: skip
    return environment.get_template(name)

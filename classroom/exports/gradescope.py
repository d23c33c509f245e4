"""Gradescope: a roster, and for each lesson an autograder that hands out the points.

Gradescope imports no grades. It runs an autograder, a zip with `setup.sh` and `run_autograder` at
its top, beside each submission, and reads `/autograder/results/results.json` afterwards. This one
has a results.json for each student and copies the one of the submission's author, whom
`/autograder/submission_metadata.json` names. The points are those of `make grade`.
https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classroom import spreadsheets
from classroom.exports.lessons_graded import by_student, lessons_graded
from classroom.gradebook import Line
from classroom.roster import Class, Person, simplified

HEADER = ["First Name", "Last Name", "SID", "Email", "Role", "Section"]
SCRIPT = Path(__file__).with_name("run_autograder.py")
SETUP = "#!/usr/bin/env bash\n# run_autograder needs nothing but the Python that is there.\n"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file: the same points give the same bytes
EXECUTABLE = 0o100755 << 16


def roster(lines: Sequence[Line], of: Class) -> str:
    """The roster: a line for each student with an e-mail address, which Gradescope needs."""
    rows: list[list[spreadsheets.Cell]] = []
    for person, _, _ in by_student(lines, of):
        if not person.email:
            continue
        first, last = person.first, person.last
        if not last:
            first, _, last = person.name.rpartition(" ")
        rows.append([first, last, person.number, person.email, "Student", person.section])
    return spreadsheets.as_csv(HEADER, rows)


def results(line: Line) -> dict[str, Any]:
    """The results.json of one submission."""
    tests = [
        {
            "name": each.title or each.name,
            "number": str(number),
            "score": each.points,
            "max_score": each.out_of,
            "output": each.hint or line.reason,
            "visibility": "visible",
        }
        for number, each in enumerate(line.exercises, 1)
    ]
    return {
        "score": line.points,
        "execution_time": round(line.seconds),
        "output": line.reason or "Graded by make grade.",
        "visibility": "visible",
        "tests": tests,
    }


def autograders(lines: Sequence[Line], of: Class) -> dict[int, bytes]:
    """For each lesson the zip to upload as its autograder."""
    packed = {}
    for lesson in lessons_graded(lines):
        found: dict[str, list[Line]] = {}
        for person, student, own in by_student(lines, of):
            if lesson in own and own[lesson].status != "not graded":
                for key in keys(person, student):
                    found.setdefault(key, []).append(own[lesson])
        # Two students of one name are none: neither may get the other's points.
        single = {key: results(line) for key, (line, *others) in found.items() if not others}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in {
                "setup.sh": SETUP,
                "run_autograder": SCRIPT.read_text(encoding="utf-8"),
                "results.json": json.dumps(single, indent=1, ensure_ascii=False),
            }.items():
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, EXECUTABLE
                archive.writestr(entry, text)
        packed[lesson] = stream.getvalue()
    return packed


def keys(person: Person, student: str) -> set[str]:
    """By what Gradescope may call an author: the e-mail address, or if it is unknown the names."""
    if person.email:
        return {person.email.casefold()}
    return {simplified(person.name), simplified(student)} - {""}

"""What learning platforms accept, as their documentation and their importers define it.

Each reader raises Refused where the platform would, else it returns what would be imported. Moodle:
docs.moodle.org/en/Grade_import and grade/import/csv of its source. Canvas: the Instructor Guide's
"How do I import grades in the Gradebook?" and lib/gradebook_importer.rb. Gradescope: the autograder
specifications, gradescope-autograders.readthedocs.io, and "Adding Students and Staff" of its guide.
nbgrader: the columns of its CSV export plugin. Spreadsheets: OWASP's page on CSV injection.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MOODLE_USERS = {"Username": "username", "ID number": "idnumber", "Email address": "email"}
MOODLE_MOST = 100.0  # unless the site allows unlimited grades
CANVAS_FIRST = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
RESULT_KEYS = {
    "score": (int, float), "execution_time": (int, float), "output": (str,), "visibility": (str,),
    "stdout_visibility": (str,), "extra_data": (dict,), "tests": (list,), "leaderboard": (list,),
}  # fmt: skip
TEST_KEYS = {
    "score": (int, float), "max_score": (int, float), "name": (str,), "number": (str,),
    "output": (str,), "tags": (list,), "visibility": (str,), "extra_data": (dict,),
}  # fmt: skip
NBGRADER = [
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
]  # fmt: skip
# A cell with one of these in front may be calculated, in full width too.
DANGEROUS = "=+-@\t\r\n＝＋－＠"


class Refused(Exception):
    """The platform would not import this."""


def moodle(
    text: str, user: str, grades: Mapping[str, str], known: set[str]
) -> dict[str, dict[str, float | str | None]]:
    """What Moodle imports: for each user the grade and the feedback of each item.

    user: the column that identifies one. grades: the item of each column; of a feedback column,
    `feedback ITEM`. known: the users of the course. Columns that are not mapped are ignored.
    """
    header, *rows = _rows(text)
    header = [name.strip() for name in header]
    if user not in header or len({*grades.values()}) != len(grades):
        raise Refused("the user column is missing, or two columns have one target")
    imported: dict[str, dict[str, float | str | None]] = {}
    for row in rows:
        if len(row) <= 1:
            continue
        if len(row) != len(header):
            raise Refused(f"a line has {len(row)} columns, the header {len(header)}")
        values = {name: value.strip() for name, value in zip(header, row, strict=True)}
        if values[user] not in known:
            raise Refused(f"user mapping error: {values[user]!r} could not be found")
        own: dict[str, float | str | None] = {}
        for column, item in grades.items():
            value = values[column]
            own[item] = value if item.startswith("feedback ") else _moodle_grade(value)
        imported[values[user]] = own
    return imported


def _moodle_grade(value: str) -> float | None:
    if value in ("", "-"):
        return None
    try:
        grade = float(value)
    except ValueError:
        raise Refused(f"bad grade {value!r}") from None
    if not grade <= MOODLE_MOST:
        raise Refused(f"grade {grade} is too big")
    return grade


def canvas(text: str) -> tuple[dict[str, float], dict[str, dict[str, float | None]]]:
    """What Canvas imports: the possible points of each assignment, and each student's.

    Students are known by the first identifier that they have: ID, SIS User ID, SIS Login ID, name.
    """
    if text.startswith("\N{BYTE ORDER MARK}"):
        raise Refused("illegal quoting: its parser takes the mark for a character before a quote")
    header, *rows = _rows(text)
    if header[: len(CANVAS_FIRST)] != CANVAS_FIRST:
        raise Refused("invalid header row")
    titles = header[len(CANVAS_FIRST) :]
    if any(title.endswith(")") for title in titles):
        raise Refused("a number in brackets at the end is taken for Canvas's own id")
    possible: dict[str, float] = {}
    students: dict[str, dict[str, float | None]] = {}
    for row in rows:
        if len(row) != len(header):
            raise Refused("rows differ in length")
        cells = row[len(CANVAS_FIRST) :]
        if "Points Possible" in row[0]:
            possible = {title: float(cell) for title, cell in zip(titles, cells, strict=True)}
            continue
        name = next((cell for cell in (*row[1:4], row[0]) if cell), "")
        if not name or name in students:
            raise Refused(f"no student, or the same one twice: {name!r}")
        grades = (float(cell) if cell else None for cell in cells)
        students[name] = dict(zip(titles, grades, strict=True))
    if set(possible) != set(titles):
        raise Refused("the possible points are missing")
    return possible, students


def gradescope_results(results: Any) -> None:
    """Refuse a results.json that does not follow the specification."""
    if not isinstance(results, dict):
        raise Refused("no object")
    _typed(results, RESULT_KEYS)
    tests = results.get("tests", [])
    for test in tests:
        _typed(test, TEST_KEYS)
    if "score" not in results and not (tests and all("score" in test for test in tests)):
        raise Refused("a score is needed, at the top or for each test")
    for each in [results, *tests]:
        if each.get("visibility", "visible") not in VISIBILITIES:
            raise Refused(f"unknown visibility {each['visibility']!r}")


def gradescope(packed: bytes, folder: Path, user: Mapping[str, str]) -> Any:
    """The results that an autograder leaves for a user, run as Gradescope's harness does."""
    (folder / "source").mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = set(archive.namelist())
        if not {"setup.sh", "run_autograder"} <= names:
            raise Refused("setup.sh and run_autograder must stand at the top of the zip")
        archive.extractall(folder / "source")
    script = folder / "source" / "run_autograder"
    if not script.read_bytes().startswith(b"#!"):
        raise Refused("run_autograder needs a #! line")
    metadata = {"id": 1, "users": [{"id": 7, **user}], "assignment": {"id": 3, "total_points": "9"}}
    (folder / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    subprocess.run([sys.executable, "-I", str(script), str(folder)], check=True)
    results = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))
    gradescope_results(results)
    return results


def gradescope_roster(text: str) -> list[dict[str, str]]:
    """The members that Gradescope adds: each needs a name and an e-mail address of their own."""
    header, *rows = _rows(text)
    members = [dict(zip(header, row, strict=True)) for row in rows]
    emails = [member["Email"].casefold() for member in members]
    if not all("@" in email for email in emails) or len({*emails}) != len(emails):
        raise Refused("each member needs a unique e-mail address")
    if not all(member["First Name"] or member["Last Name"] for member in members):
        raise Refused("a member without a name")
    return members


def nbgrader(text: str) -> list[dict[str, str]]:
    """The rows of nbgrader's export; scores are numbers, none above its maximum."""
    header, *rows = _rows(text)
    if header != NBGRADER:
        raise Refused("other columns")
    found = [dict(zip(header, row, strict=True)) for row in rows]
    for row in found:
        if not row["student_id"] or not 0 <= float(row["score"]) <= float(row["max_score"]):
            raise Refused(str(row))
    return found


def formulas(text: str) -> list[str]:
    """The cells that a spreadsheet may calculate, whichever separator it takes cells to have."""
    found = []
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found += [cell for cell in row if cell[:1] and cell[0] in DANGEROUS]
    return found


def _typed(value: Mapping[str, Any], keys: Mapping[str, tuple[type, ...]]) -> None:
    for key, content in value.items():
        if key not in keys or not isinstance(content, keys[key]) or isinstance(content, bool):
            raise Refused(f"{key!r}: {content!r}")


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Refused(str(error)) from None

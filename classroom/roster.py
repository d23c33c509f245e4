"""Who is in the class: a CSV as Moodle, Canvas or Gradescope export it, matched with submissions.

A learning platform knows a student by an e-mail address or a number, and a submission by the name
of its file. The roster connects the two. Without one, the name of the file is the identifier.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import SettingsError, require
from datasets.files import Unreadable, content

LARGEST = 4 * 1024**2  # bytes; a class of a thousand has a tenth of a million
# The columns of the three platforms, in lower case.
COLUMNS = {
    "name": ("student", "name", "full name", "student name"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "surname", "lastname", "family name"),
    "email": ("email address", "email", "e-mail"),
    "login": ("username", "sis login id", "login"),
    "number": ("id number", "sid", "sis user id", "student id"),
    "canvas": ("id",),
    "section": ("section", "sections", "section name", "groups"),
}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
# What platforms add to a student's name when they pack submissions into an archive:
# Moodle  Anna Müller_1234567_assignsubmission_file, Canvas  mullranna_LATE_4711_815_lesson1
PACKED = re.compile(r"(?:_LATE)?_\d+(?:_.*)?$", re.DOTALL)


@dataclass(frozen=True)
class Person:
    """One student of the class; what the roster does not say is empty.

    number: of the school. canvas: Canvas's own number.
    """

    name: str
    email: str = ""
    login: str = ""
    number: str = ""
    canvas: str = ""
    section: str = ""
    first: str = ""
    last: str = ""

    def called(self) -> set[str]:
        """The simplified names by which a submission may call this person."""
        names = (
            self.name, f"{self.first} {self.last}", f"{self.last} {self.first}", self.email,
            self.email.partition("@")[0], self.login, self.number, _reversed(self.name),
        )  # fmt: skip
        return {simplified(name) for name in names} - {""}


@dataclass(frozen=True)
class Class:
    """The people of a class by the names of their submissions.

    absent: who handed in nothing. strangers: submissions of nobody on the roster.
    """

    people: dict[str, Person]
    absent: tuple[Person, ...] = ()
    strangers: tuple[str, ...] = ()

    def person(self, student: str) -> Person:
        """The person of a submission; without a roster, one who is called like it."""
        email = student if ADDRESS.fullmatch(student) else ""
        return self.people.get(student) or Person(student, email=email, login=student)

    def everybody(self, students: Iterable[str]) -> list[Person]:
        """The person of each submission, and who is absent."""
        return [*map(self.person, dict.fromkeys(students)), *self.absent]


def read_roster(file: Path) -> list[Person]:
    """The people in a CSV. Raises SettingsError for a file that is none, or names nobody."""
    try:
        text = content(file, LARGEST).decode("utf-8-sig")
    except Unreadable as error:
        raise SettingsError(
            f"{str(file)!r} {error.reason}: name a roster as CSV (ROSTER=)"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(
            f"{str(file)!r} is not text in UTF-8: export the roster as that"
        ) from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), _dialect(text)))
    except csv.Error as error:
        raise SettingsError(f"{str(file)!r} is not a CSV: {error}") from None
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    places = {
        field: next((header.index(name) for name in names if name in header), None)
        for field, names in COLUMNS.items()
    }
    require(
        places["name"] is not None or places["last"] is not None,
        f"{str(file)!r} has no column of names: expected Name, Student, or First name and Last "
        "name, as Moodle, Canvas and Gradescope export them",
    )
    people = [person for row in rows[1:] if (person := _person(row, places)) is not None]
    require(bool(people), f"{str(file)!r} names nobody: export the participants of the course")
    return people


def matched(students: Iterable[str], people: Sequence[Person]) -> Class:
    """The class: each submission with its person, where the roster has exactly one for it."""
    by_key: dict[str, set[int]] = {}
    for position, person in enumerate(people):
        for key in person.called():
            by_key.setdefault(key, set()).add(position)
    found: dict[str, int] = {}
    students = list(dict.fromkeys(students))
    for student in students:
        for name in (student, PACKED.sub("", student)):
            positions = by_key.get(simplified(name), set())
            if len(positions) == 1:
                (found[student],) = positions
                break
    present = Counter(found.values())
    # Two submissions of one person: which one counts is the teacher's to say.
    found = {student: position for student, position in found.items() if present[position] == 1}
    return Class(
        people={student: people[position] for student, position in found.items()},
        absent=tuple(person for i, person in enumerate(people) if i not in present),
        strangers=tuple(student for student in students if student not in found),
    )


def simplified(name: str) -> str:
    """A name without spaces, punctuation and case, to compare."""
    return "".join(c for c in name.casefold() if c.isalnum())


def _reversed(name: str) -> str:
    """`Müller, Anna` as `Anna Müller`, and the other way round for two words."""
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma else " ".join(reversed(name.split()))


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, semicolons or tabs, whichever the first line has most of."""
    first = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Found


def _person(row: Sequence[str], places: dict[str, int | None]) -> Person | None:
    """The person of a row; None for a row of none, such as the possible points in Canvas."""
    values = {
        field: " ".join(row[place].split()) if place is not None and place < len(row) else ""
        for field, place in places.items()
    }
    if ADDRESS.fullmatch(values["login"]):  # as in Canvas, whose export has no other address
        values["email"] = values["email"] or values["login"]
    name = values.pop("name") or f"{values['first']} {values['last']}".strip()
    return None if not name or "points possible" in name.casefold() else Person(name, **values)

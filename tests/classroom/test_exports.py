"""The files for Moodle, Canvas, Gradescope and nbgrader are what these platforms import."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.contract import SettingsError
from classroom.exports import canvas, gradescope, moodle, nbgrader, write_exports
from classroom.exports.lessons_graded import title
from classroom.gradebook import Line
from classroom.roster import Class, Person, matched, read_roster
from classroom.scores import Scored
from classroom.spreadsheets import safe
from tests.classroom import platforms
from tests.classroom.platforms import Refused

# Names that need care: quotes, commas, semicolons, formulas, Unicode, right to left, one word.
NAMES = [
    "O'Neil, Dan",
    'Ann "Annie" Lee',
    "x;=1+1",
    "=cmd()",
    "@SUM(A1)",
    "Zoë Ångström",
    "李小龍",
    "مريم",
    "＝1",
    "Ben",
]
ONE, TWO = title(1), title(2)


def line(
    student: str, lesson: int | None, points: float, status: str = "ok", reason: str = ""
) -> Line:
    scored = (Scored("a", points, 5, "The first", "" if points == 5 else "Think, =again"),
              Scored("b", 0, 2, "The second", "; =2"))  # fmt: skip
    return Line(student, f"{student}.py", lesson, status, reason, 1.0, scored if lesson else ())  # type: ignore[arg-type]


LINES = [
    *(line(name, 1, 1.5 * (i % 3)) for i, name in enumerate(NAMES)),
    line("Ben", 2, 5),
    line("Cleo", 1, 0, "failed", "empty"),
    line("Dina", 1, 0, "not graded"),
    line("Eve", None, 0, "failed", "-not a notebook"),
]
NOBODY = Class({})
ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section
    Points Possible,,,,
"O'Neil, Dan",101,s1,dan@x.edu,A
"Lee, Ann",102,s2,ann@x.edu,A
Ben,103,s3,ben@x.edu,B
Absent Annie,104,s4,annie@x.edu,B
"""


@pytest.fixture
def of(tmp_path: Path) -> Class:
    """The class of a roster as Canvas exports it."""
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8-sig")
    return matched([line.student for line in LINES], read_roster(file))


def test_moodle_imports_every_student_with_points_and_feedback() -> None:
    mapping = {ONE: "one", f"{ONE} feedback": "feedback one", TWO: "two"}
    text = moodle.as_csv(LINES, NOBODY)
    known = {safe(row.student) for row in LINES}
    found = platforms.moodle(text, "Username", mapping, known)
    assert found["Ben"] == {"one": 0.0, "feedback one": found["Ben"]["feedback one"], "two": 5.0}
    assert "The first (0/5): Think, =again" in str(found["Ben"]["feedback one"])
    assert found["Cleo"]["one"] == 0.0, "an empty file has 0 points"
    assert found["Cleo"]["feedback one"].startswith("empty")  # type: ignore[union-attr]
    assert found["Dina"]["one"] is None, "what was not graded has no grade"
    assert found["Zoë Ångström"]["two"] is None, "what was not handed in has no grade"
    assert found["'=cmd()"]["one"] == 0.0


def test_with_a_roster_moodle_gets_its_own_users_only(of: Class) -> None:
    """One unknown user would end the whole import."""
    text = moodle.as_csv(LINES, of)
    found = platforms.moodle(text, "ID number", {ONE: "one"}, {"s1", "s2", "s3", "s4"})
    assert set(found) == {"s1", "s3"}
    with pytest.raises(Refused, match="user mapping"):
        platforms.moodle(moodle.as_csv(LINES, NOBODY), "Username", {ONE: "one"}, {"dan@x.edu"})


def test_canvas_imports_points_possible_and_each_student(of: Class) -> None:
    possible, students = platforms.canvas(canvas.as_csv(LINES, of))
    assert possible == {ONE: 7.0, TWO: 7.0}
    assert students == {"101": {ONE: 0.0, TWO: None}, "103": {ONE: 0.0, TWO: 5.0}}
    _, by_name = platforms.canvas(canvas.as_csv(LINES, NOBODY))
    assert by_name["Ben"] == {ONE: 0.0, TWO: 5.0}
    assert by_name["Cleo"] == {ONE: 0.0, TWO: None}
    assert by_name["O'Neil, Dan"][ONE] == 0.0


def test_gradescope_hands_each_author_the_own_results(of: Class, tmp_path: Path) -> None:
    packed = gradescope.autograders(LINES, of)[1]
    ben = platforms.gradescope(packed, tmp_path / "ben", {"email": "BEN@x.edu", "name": "B."})
    assert (ben["score"], len(ben["tests"]), ben["tests"][0]["max_score"]) == (0.0, 2, 5)
    zoe = platforms.gradescope(
        packed, tmp_path / "zoe", {"email": "z@x.edu", "name": "zoë ångström"}
    )
    assert zoe["score"] == 3.0
    nobody = platforms.gradescope(packed, tmp_path / "no", {"email": "no@x.edu", "name": "No Body"})
    assert nobody["score"] == 0
    assert "tests" not in nobody


def test_two_authors_of_one_name_get_nobodys_points(tmp_path: Path) -> None:
    lines = [line("Ben", 1, 5), line("ben!", 1, 2)]
    packed = gradescope.autograders(lines, NOBODY)[1]
    assert platforms.gradescope(packed, tmp_path / "a", {"email": "", "name": "Ben"})["score"] == 0


def test_the_same_points_make_the_same_autograder() -> None:
    assert gradescope.autograders(LINES, NOBODY) == gradescope.autograders(LINES, NOBODY)


def test_gradescopes_roster_has_whoever_has_an_address(of: Class) -> None:
    members = platforms.gradescope_roster(gradescope.roster(LINES, of))
    assert {member["Email"] for member in members} == {
        "dan@x.edu",
        "ann@x.edu",
        "ben@x.edu",
        "annie@x.edu",
    }
    people = [
        Person("Ann Lee", email="ann@x.edu", first="Ann", last="Lee"),
        Person("Bo", email="b@x.edu"),
    ]
    members = platforms.gradescope_roster(
        gradescope.roster([line("Ann Lee", 1, 1)], matched(["Ann Lee"], people))
    )
    assert [(m["First Name"], m["Last Name"]) for m in members] == [("Ann", "Lee"), ("", "Bo")]


def test_nbgraders_table_has_a_row_for_each_student_and_lesson() -> None:
    rows = platforms.nbgrader(nbgrader.as_csv(LINES, NOBODY))
    assert len(rows) == 2 * len({each.student for each in LINES})
    (ben,) = (row for row in rows if (row["student_id"], row["assignment"]) == ("Ben", "lesson2"))
    assert (ben["score"], ben["max_score"]) == ("5", "7")


def test_no_cell_of_any_file_is_a_formula(of: Class, tmp_path: Path) -> None:
    for of_class in (of, NOBODY):
        for file in write_exports(LINES, of_class, tmp_path):
            if file.suffix == ".csv":
                assert platforms.formulas(file.read_text(encoding="utf-8")) == [], file.name
    assert not list(tmp_path.rglob(".unfinished-*"))


def test_formulas_are_found() -> None:
    assert platforms.formulas('a,=1\n"b;=2",c\n') == ["=1"]
    assert platforms.formulas("b;=2,c\n") == ["=2,c"]


# The roster.

MOODLE = "First name;Last name;ID number;Email address\nZoë;Ångström;7;zoe@x.edu\n"
GRADESCOPE = "Name,SID,Email,Role\nZoë Ångström,7,zoe@x.edu,Student\n"


@pytest.mark.parametrize("text", [MOODLE, GRADESCOPE])
@pytest.mark.parametrize("student", [
    "Zoë Ångström", "Ångström, Zoë", "zoë_ångström", "zoe@x.edu", "zoe", "7",
    "Zoë Ångström_1234567_assignsubmission_file", "ångströmzoë_LATE_4711_815_lesson1",
])  # fmt: skip
def test_a_submission_is_matched_by_whatever_it_is_called(
    text: str, student: str, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    of = matched([student], read_roster(tmp_path / "r.csv"))
    assert of.person(student).email == "zoe@x.edu"
    assert (of.absent, of.strangers) == ((), ())


def test_who_is_absent_unknown_or_twice_is_named(of: Class) -> None:
    assert [person.name for person in of.absent] == ["Lee, Ann", "Absent Annie"]
    assert "Cleo" in of.strangers
    twins = matched(["Kim"], [Person("Kim", number="1"), Person("Kim", number="2")])
    assert twins.strangers == ("Kim",)
    twice = matched(["kim", "Kim Lee"], [Person("Kim Lee", login="kim")])
    assert set(twice.strangers) == {"kim", "Kim Lee"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "no column of names"),
        (b"", "ROSTER"),
        (b"Name,Email\n", "names nobody"),
        (b"\xff\xfe", "UTF-8"),
        (b'Name\n"' + b"x" * 200_000 + b'"\n', "not a CSV"),
    ],
)
def test_a_roster_that_is_none_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        read_roster(tmp_path / "r.csv")

"""`make grade` on a class, from its files to the pages and the files for platforms."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from classroom.exports.lessons_graded import title
from classroom.pages import file_names
from tests.classroom import platforms
from tests.classroom.handing_in import Graded, grade, solution, untouched
from tests.classroom.sandboxed import Targets, confined
from tests.classroom.test_a_class import a_class, hand_in, notebook
from tests.classroom.test_pages import picture

FORMULA, COMMA, QUOTES, PLOTTED = (
    "=cmd('calc')",
    "O'Neil; Dan, Jr",
    '"Ann" <b>Lee</b>',
    "Zoë Ångström",
)
CRASHING = "from classroom import open_exercises\n\nopen_exercises(1)\n1 / 0\n"


def with_a_plot(text: str) -> str:
    """A notebook, the first code cell of which has drawn a picture."""
    content = json.loads(notebook(text))
    cell = next(cell for cell in content["cells"] if cell["cell_type"] == "code")
    data = {"image/png": picture(320, 200), "text/plain": ["<Figure>"]}
    cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return json.dumps(content)


def graded_class(folder: Path, files: Mapping[str, str], *arguments: str) -> tuple[Graded, Path]:
    """Grade a class; the folder with its pages and files."""
    top = folder / "in"
    for name, text in files.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    graded = grade(top, *arguments, timeout=3600)
    assert graded.status == 0, graded.err
    return graded, folder / "graded"


def assert_complete(graded: Graded, out: Path) -> None:
    """Every student of the table has a page and a place in every file, with the same points."""
    students = list(dict.fromkeys(student for student, _ in graded.rows))
    pages = {page.name: page.read_text(encoding="utf-8") for page in (out / "students").iterdir()}
    assert len(pages) == len(students)
    overview = (out / "index.html").read_text(encoding="utf-8")
    lessons = {int(lesson) for _, lesson in graded.rows if lesson}
    mapping = {title(lesson): str(lesson) for lesson in lessons}
    text = (out / "moodle.csv").read_text(encoding="utf-8")
    moodle = platforms.moodle(text, "Username", mapping, set(students))
    possible, canvas = platforms.canvas((out / "canvas.csv").read_text(encoding="utf-8"))
    rows = platforms.nbgrader((out / "nbgrader.csv").read_text(encoding="utf-8"))
    exported = {(row["student_id"], row["assignment"]): float(row["score"]) for row in rows}
    assert set(possible) == set(mapping)
    for (student, lesson), row in graded.rows.items():
        assert student.removeprefix("'") in html.unescape(overview)
        points = float(row["points"])
        assert moodle[student][lesson] == points
        assert canvas[student][title(int(lesson))] == points
        assert exported[student, f"lesson{lesson}"] == points
        assert float(row["out_of"]) == possible[title(int(lesson))]
    for file in [*out.rglob("*.csv"), out.parent / "grades.csv"]:
        assert platforms.formulas(file.read_text(encoding="utf-8-sig")) == [], file.name
    for page in [overview, *pages.values()]:
        assert not re.search(r"(?:src|href)=\"(?!data:|students/)|<script|@import|url\(", page)
    left = [*out.parent.rglob(".unfinished-*"), *out.parent.rglob("*.part")]
    assert left == [], "something was left half-done"


def test_a_small_class_gets_pages_and_files(tmp_path: Path) -> None:
    confined()
    files = {
        f"{PLOTTED}.ipynb": with_a_plot(solution(1)),
        f"{FORMULA}.py": untouched(1),
        f"{COMMA}/mine.py": solution(1),
        f"{QUOTES}.py": untouched(1),
        "Cleo.py": "",
        "Dan.py": CRASHING,
    }
    graded, out = graded_class(tmp_path, files)
    assert_complete(graded, out)
    own = {student: row for (student, _), row in graded.rows.items()}
    assert own[PLOTTED]["points"] == own[PLOTTED]["out_of"] != "0"
    assert own["Cleo"]["reason"].startswith("the file is empty")
    assert own["Cleo"]["out_of"] == own[PLOTTED]["out_of"], "an empty file is a failure in lesson 1"
    assert "ZeroDivisionError" in own["Dan"]["reason"] or own["Dan"]["points"] == "0"
    mean = sum(float(row["points"]) / float(row["out_of"]) for row in own.values()) / len(own)
    assert f"mean {100 * mean:.0f} %" in graded.out
    page = (out / "students" / file_names([PLOTTED])[PLOTTED]).read_text(encoding="utf-8")
    assert picture(320, 200) in page
    assert "Nothing could be judged: the file is empty" in (
        out / "students" / "Cleo.html"
    ).read_text("utf-8")


def test_a_roster_names_who_is_absent_and_who_is_unknown(tmp_path: Path) -> None:
    confined()
    roster = tmp_path / "in" / "roster.csv"  # among the submissions, and not taken for one
    roster.parent.mkdir()
    roster.write_text("Name,SID,Email\nAnn Lee,7,ann@x.edu\nAbsent Kim,8,kim@x.edu\n", "utf-8")
    files = {"ann lee.py": untouched(1), "Bob.py": ""}
    graded, out = graded_class(tmp_path, files, f"--roster={roster}")
    assert len(graded.rows) == 2
    assert "handed in nothing: Absent Kim" in graded.out
    assert "in no file for a platform: Bob" in graded.out
    text = (out / "moodle.csv").read_text(encoding="utf-8")
    assert platforms.moodle(text, "ID number", {title(1): "1"}, {"7", "8"}) == {"7": {"1": 0.0}}
    members = platforms.gradescope_roster((out / "gradescope" / "roster.csv").read_text("utf-8"))
    assert [member["Email"] for member in members] == ["ann@x.edu", "kim@x.edu"]


def test_a_roster_that_does_not_exist_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "Ann.py").write_text(untouched(1), encoding="utf-8")
    graded = grade(tmp_path, "--roster=nowhere.csv")
    assert graded.status == 2
    assert "nowhere.csv" in graded.err
    assert graded.err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_sixty_submissions_get_pages_and_files(tmp_path: Path) -> None:
    confined()
    submissions = a_class(56, (), Targets(tmp_path, tmp_path, "none"))
    (tmp_path / "in").mkdir()
    hand_in(tmp_path / "in", submissions)
    files = {
        f"{PLOTTED}.ipynb": with_a_plot(solution(1)),
        f"{FORMULA}.py": untouched(2),
        f"{COMMA}.py": CRASHING,
        "empty/lesson1.py": "open_exercises(1)\n",
    }
    graded, out = graded_class(tmp_path, files)
    assert len(graded.rows) == 60
    assert_complete(graded, out)

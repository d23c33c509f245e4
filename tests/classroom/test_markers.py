"""From solutions to what is handed out: nothing of an answer stays, and a slip is an error."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from classroom import exercises
from classroom.markers import BadMark, students_version
from course.settings import ROOT

FILE = Path("lesson9.py")
WHOLE = """\
### BEGIN SOLUTION
guess = 5
### STUDENT: guess = ...  # a number
### STUDENT: other = ...
### END SOLUTION


def f(x):  # a comment
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


### BEGIN SOLUTION
helper = 1
### STUDENT:
### END SOLUTION
print(f(1))
"""


def test_a_solution_gives_way_to_its_placeholder() -> None:
    assert students_version(WHOLE, FILE) == (
        "guess = ...  # a number\nother = ...\n\n\n"
        "def f(x):  # a comment\n    ...\n\n\nprint(f(1))\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\n### BEGIN SOLUTION\n", 2),
        ("### END SOLUTION\n", 1),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n### END SOLUTION\n", 2),
        ("### STUDENT: x = ...\n", 1),
        ("## BEGIN SOLUTION\n### END SOLUTION\n", 1),
        ("###BEGIN SOLUTION\n", 1),
        ("### BEGIN SOLUTON\nx = 5\n### END SOLUTON\n", 1),
        ("### Begin Solution\n", 1),
        ("### BEGIN SOLUTION\n### STUDENTS: x = ...\n### END SOLUTION\n", 2),
        ("x = 5  ### BEGIN SOLUTION\n", 1),
        ("### begin_solution\n", 1),
    ],
)
def test_a_slip_names_the_file_and_the_line(text: str, line: int) -> None:
    with pytest.raises(BadMark, match=rf"^lesson9\.py, line {line}: "):
        students_version(text, FILE)


def test_the_students_files_are_those_of_the_solutions() -> None:
    assert exercises.drifted() == []


def test_drift_is_named(tmp_path: Path) -> None:
    solutions, handed_out = tmp_path / "solutions", tmp_path / "exercises"
    for folder in (solutions, handed_out):
        folder.mkdir()
    for number in (1, 2, 3):
        (solutions / f"lesson{number}.py").write_text(WHOLE, encoding="utf-8")
    for name, text in exercises.made(solutions).items():
        (handed_out / name).write_text(text, encoding="utf-8")
    assert exercises.drifted(solutions, handed_out) == []
    (handed_out / "lesson1.py").write_text("changed", encoding="utf-8")
    (handed_out / "lesson2.py").unlink()
    (handed_out / "lesson7.py").write_text("", encoding="utf-8")
    wrong = exercises.drifted(solutions, handed_out)
    assert [line.split(":")[0] for line in wrong] == ["lesson7.py", "lesson1.py", "lesson2.py"]


def test_the_command_says_whether_there_is_drift() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "classroom.exercises", "--check"], cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", sorted(exercises.made()))
def test_no_mark_is_handed_out(name: str) -> None:
    assert not re.search(r"SOLUTION|### STUDENT", exercises.made()[name])

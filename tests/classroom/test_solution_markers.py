"""Student versions contain nothing of the solution, and a wrong marker is an error."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from classroom import build_exercises
from classroom.solution_markers import BadMark, students_version
from course.settings import ROOT
from datasets.atomic_files import write_whole

FILE = Path("lesson9.py")
SOLUTION = """\
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


def test_a_solution_is_replaced_by_its_placeholder() -> None:
    assert students_version(SOLUTION, FILE) == (
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
def test_a_wrong_marker_is_an_error_with_file_and_line(text: str, line: int) -> None:
    with pytest.raises(BadMark, match=rf"^lesson9\.py, line {line}: "):
        students_version(text, FILE)


def test_the_student_files_match_the_solutions() -> None:
    assert build_exercises.find_differences() == []


def test_differences_are_found(tmp_path: Path) -> None:
    solutions, handed_out = tmp_path / "solutions", tmp_path / "exercises"
    for folder in (solutions, handed_out):
        folder.mkdir()
    for number in (1, 2, 3):
        (solutions / f"lesson{number}.py").write_text(SOLUTION, encoding="utf-8")
    for name, text in build_exercises.student_files(solutions).items():
        (handed_out / name).write_text(text, encoding="utf-8")
    assert build_exercises.find_differences(solutions, handed_out) == []
    (handed_out / "lesson1.py").write_text("changed", encoding="utf-8")
    (handed_out / "lesson2.py").unlink()
    (handed_out / "lesson7.py").write_text("", encoding="utf-8")
    wrong = build_exercises.find_differences(solutions, handed_out)
    assert [line.split(":")[0] for line in wrong] == ["lesson7.py", "lesson1.py", "lesson2.py"]


@pytest.fixture
def handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of student files, outside git, which the command rebuilds."""
    monkeypatch.setattr(build_exercises, "EXERCISES", tmp_path / "exercises")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for name, text in build_exercises.student_files().items():
        write_whole(tmp_path / "exercises" / name, text.encode())
    return tmp_path / "exercises"


def rebuild() -> str:
    done = CliRunner().invoke(build_exercises.exercises)
    assert done.exit_code == 0, done.output
    return done.output


def test_answers_are_copied_before_a_rebuild(handed_out: Path) -> None:
    """Each time to a new file; unchanged files are not copied."""
    file = handed_out / "lesson1.py"
    fresh = file.read_text(encoding="utf-8")
    assert "kept" not in rebuild()
    for copy in ("lesson1.py.bak", "lesson1.py.bak2", "lesson1.py.bak3"):
        file.write_text(f"answer = {copy!r}", encoding="utf-8")
        assert f"lesson1.py: the old file is kept as {copy}\n" in rebuild()
        assert (handed_out / copy).read_text(encoding="utf-8") == f"answer = {copy!r}"
        assert file.read_text(encoding="utf-8") == fresh
    first = (handed_out / "lesson1.py.bak").read_text(encoding="utf-8")
    assert first == "answer = 'lesson1.py.bak'"
    assert len([*handed_out.iterdir()]) == len(build_exercises.student_files()) + 3


def test_a_committed_file_is_not_copied(handed_out: Path) -> None:
    """If only the solution has changed, the old student file is in git."""
    if not shutil.which("git"):
        pytest.skip("there is no git")
    file = handed_out / "lesson1.py"
    file.write_bytes(b"as it was\n")
    author = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    for command in (["init"], ["add", "lesson1.py"], [*author, "commit", "-m", "one"]):
        subprocess.run(["git", *command], cwd=handed_out, check=True, capture_output=True)
    assert "kept" not in rebuild()
    file.write_bytes(b"as it was\nand an answer\n")
    assert "kept as lesson1.py.bak" in rebuild()


def test_git_ignores_the_copies() -> None:
    """Else an answer could get into a commit."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    for name in ("lesson1.py.bak", "lesson6.py.bak12"):
        command = ["git", "check-ignore", "-q", f"lessons/exercises/{name}"]
        assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_the_command_checks_for_differences() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "classroom.build_exercises", "--check"], cwd=ROOT, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", sorted(build_exercises.student_files()))
def test_no_marker_is_left_in_a_student_file(name: str) -> None:
    assert not re.search(r"SOLUTION|### STUDENT", build_exercises.student_files()[name])

"""python -m classroom.check: its output, its JSON file and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import classroom.check  # noqa: F401 - imported once, before this process is forked
from course.settings import ROOT
from tests.classroom.handing_in import solution, untouched
from tests.classroom.wrong_answers.lesson1 import WRONG_ANSWERS
from tests.forked import Outcome, module


def check(*arguments: str, cwd: Path = ROOT) -> Outcome:
    return module("classroom.check", arguments, cwd)


def written(folder: Path, text: str, name: str = "my [bold]answers.py") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_full_marks_are_status_0(tmp_path: Path) -> None:
    marks = tmp_path / "marks.json"
    done = check(
        "1", "--backend=numpy", "--file", written(tmp_path, solution(1)), f"--json={marks}"
    )
    assert done.status == 0, done.err
    assert "well done" in done.out
    result = json.loads(marks.read_text(encoding="utf-8"))
    assert set(result) == {
        "file", "lesson", "backend", "exercises", "points", "out_of", "problem", "seconds",
    }  # fmt: skip
    assert result["points"] == result["out_of"] == sum(e["points"] for e in result["exercises"])
    assert set(result["exercises"][0]) == {"name", "title", "points", "out_of", "hint"}


def test_it_names_the_file_that_it_judged(tmp_path: Path) -> None:
    """A student who answered in a notebook must notice that another file was judged."""
    file = written(tmp_path, untouched(1))
    for arguments, name in (
        ([], "lessons/exercises/lesson1.py"),
        (["--file=lessons/exercises/../exercises/lesson1.py"], "lessons/exercises/lesson1.py"),
        (["--file", file], file),
    ):
        done = check("1", "--backend=numpy", *arguments)
        assert f"judged:{name}" in "".join(done.out.split()).replace("my[bold]", "my [bold]")


def test_missing_points_are_status_1_and_a_hint(tmp_path: Path) -> None:
    answer = next(each for each in WRONG_ANSWERS if each.mistake == "not squared")
    text = answer.applied(solution(1))
    done = check("1", "--backend=numpy", "--file", written(tmp_path, text))
    assert done.status == 1
    assert answer.hint in " ".join(done.out.split())
    assert "19 of 23 points" in done.out
    assert all(len(line) <= 100 for line in done.out.splitlines())


def test_a_file_that_does_not_run_is_status_1_and_a_line(tmp_path: Path) -> None:
    marks = tmp_path / "marks.json"
    text = untouched(1).replace("import numpy as np", "import nowhere_at_all")
    done = check("1", "--backend=numpy", "--file", written(tmp_path, text), f"--json={marks}")
    assert done.status == 1
    assert "nowhere_at_all" in done.out
    assert "Traceback" not in done.out + done.err
    assert "nowhere_at_all" in json.loads(marks.read_text(encoding="utf-8"))["problem"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["9"], "9"),
        (["1", "--file=nowhere.py"], "nowhere.py"),
        (["1", "--file=."], "is no file"),
        (["1", "--file=marks.txt"], "neither a .py nor an .ipynb"),
        (["1", "--file=latin.py"], "UTF-8"),
        (["1", "--file=bad.ipynb"], "is not a notebook"),
        (["1", "--backend=numpi"], "numpi"),
        (["1", "--json=."], "is a folder"),
        (["one"], "one"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    written(tmp_path, "", "marks.txt")
    written(tmp_path, "[1]", "bad.ipynb")
    (tmp_path / "latin.py").write_bytes("é = 1".encode("latin-1"))
    done = check("--backend=numpy", *arguments, cwd=tmp_path)
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith("error: ")
    assert message in done.err

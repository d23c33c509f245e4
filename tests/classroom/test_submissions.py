"""Every submission is found, and read safely or reported with a reason."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from adapters.contract import SettingsError
from classroom.sources import LARGEST, LONGEST
from classroom.submissions import MOST, content_of, find_submissions
from tests.waiting import PATIENCE

LESSON = "from classroom import open_exercises\n\nexercises = open_exercises({})\n"
NOTEBOOK = {"cells": [{"cell_type": "markdown", "source": ["open_exercises(9)"]},
                      {"cell_type": "code", "source": ["from classroom import *\n",
                                                       "e = open_exercises(2)"]}]}  # fmt: skip


def put(folder: Path, name: str, content: str | bytes = LESSON.format(1)) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def problem(folder: Path) -> str:
    """Why the only submission cannot be graded."""
    (only,) = find_submissions(folder)
    assert not only.content
    assert only.problem
    return only.problem


def test_files_notebooks_and_folders_are_found(tmp_path: Path) -> None:
    put(tmp_path, "Anna Müller.py")
    put(tmp_path, "李小龍.ipynb", json.dumps(NOTEBOOK))
    put(tmp_path, "Bob/first.py", LESSON.format(1))
    put(tmp_path, "Bob/unpacked/again/lesson3.py", LESSON.format(3))
    put(tmp_path, "Bob/helper.py", "x = 1\n")
    put(tmp_path, "Bob/notes.txt", "see you")
    put(tmp_path, ".DS_Store", b"\0")
    put(tmp_path, "__MACOSX/Bob.py")
    submissions = [(s.student, s.lesson, s.problem) for s in find_submissions(tmp_path)]
    assert submissions == [
        ("Anna Müller", 1, ""),
        ("Bob", 1, ""),
        ("Bob", 3, ""),
        ("李小龍", 2, ""),
    ]
    assert [s.student for s in find_submissions(tmp_path, lesson=3)] == ["Bob"]


def test_the_copy_that_was_read_is_graded(tmp_path: Path) -> None:
    file = put(tmp_path, "a.py")
    (only,) = find_submissions(tmp_path)
    file.write_text("changed", encoding="utf-8")
    assert only.content == LESSON.format(1).encode()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = put(tmp_path, "elsewhere/secret.py")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.py").symlink_to(elsewhere)
    assert "link" in problem(tmp_path / "in")
    (tmp_path / "in" / "a.py").unlink()
    (tmp_path / "in" / "a").symlink_to(elsewhere.parent)  # a student's folder
    assert problem(tmp_path / "in")


@pytest.mark.timeout(PATIENCE)  # opening the pipe would block for ever
def test_pipes_and_sockets_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.py"))
        submissions = find_submissions(tmp_path)
    kinds = [f"the file is {kind}, not a regular file" for kind in ("a pipe", "a socket")]
    assert [s.problem for s in submissions] == kinds


def test_a_device_is_not_opened() -> None:
    with pytest.raises(ValueError, match="is a device, not a regular file"):
        content_of(Path("/dev/zero"))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(200 * LARGEST)  # a sparse file, which takes no space
    assert "at most 20,971,520 are read" in problem(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.py", b"", "empty"),
        ("a.py", b" \n", "empty"),
        ("a.py", b"x = '\xff'\n", "not text in UTF-8: byte 5 is 0xff"),
        ("a.py", b"print('hello')\n", "open_exercises"),
        ("a.py", b"# open_exercises(1)\n", "open_exercises"),
        ("a.py", LESSON.format(77).encode(), "77"),
        ("a.ipynb", b"{", "not a notebook"),
        ("a.ipynb", b"[1, 2]", "not a notebook"),
        ("a.ipynb", b'{"cells": {"a": 1}}', "not a notebook"),
        ("a.ipynb", b'{"cells": [{"cell_type": "code", "source": [1]}]}', "not a notebook"),
        ("a.ipynb", b"[" * 200_000, "not a notebook"),
        ("a.ipynb", b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}', "not a notebook"),
        ("a.py", LESSON.format(1).encode() + b"0;" * LONGEST, "more than 262,144 characters"),
        ("a.docx", b"PK", "neither a .py nor an .ipynb file"),
    ],
)
def test_a_file_that_cannot_be_graded_has_a_reason(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    put(tmp_path, name, content)
    assert message in problem(tmp_path)


def test_a_file_that_may_not_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path, flags: int) -> int:  # root may open files without permission
        raise PermissionError(13, "Permission denied", path)

    put(tmp_path, "a.py")
    monkeypatch.setattr(os, "open", closed)
    assert problem(tmp_path) == "the file cannot be read (Permission denied)"


def test_empty_and_huge_folders_are_reported(tmp_path: Path) -> None:
    (tmp_path / "Anna").mkdir()
    for number in range(MOST + 1):
        put(tmp_path, f"Bob/{number}.txt", "x")
    anna, bob = find_submissions(tmp_path)
    assert "no .py" in anna.problem
    assert "more than 500 files" in bob.problem


def test_two_files_for_one_lesson_are_an_error(tmp_path: Path) -> None:
    put(tmp_path, "Anna/lesson1.py")
    put(tmp_path, "Anna/lesson1 (final).py")
    assert "twice" in problem(tmp_path)


def test_names_cannot_control_the_terminal(tmp_path: Path) -> None:
    put(tmp_path, "a\x1b[2J\nb.py")
    raw = os.fsencode(tmp_path) + b"/\xff\xfe.py"
    Path(os.fsdecode(raw)).write_text(LESSON.format(1), encoding="utf-8")
    put(tmp_path, "e\u0301.py")  # as macOS writes é
    students = [s.student for s in find_submissions(tmp_path)]
    assert all(name.isprintable() for name in students)
    assert "é" in students


def test_a_file_of_the_grader_is_no_submission(tmp_path: Path) -> None:
    put(tmp_path, "Anna.py")
    book = put(tmp_path, "grades.csv", "student\n")
    assert len(find_submissions(tmp_path)) == 2
    assert len(find_submissions(tmp_path, outputs=frozenset({book}))) == 1


def test_wrong_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="contains no submission"):
        find_submissions(tmp_path)
    with pytest.raises(SettingsError, match="no folder"):
        find_submissions(tmp_path / "none")
    put(tmp_path, "a.py")
    with pytest.raises(SettingsError, match="lesson 4"):
        find_submissions(tmp_path, lesson=4)

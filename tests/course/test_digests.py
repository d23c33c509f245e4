"""A digest of code changes with every byte that counts, and with nothing else."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from compare import fingerprint
from course import digests
from course.digests import digest, digest_of, digests_of_files


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one file of code and one of data."""
    for name, content in {"course/sub/a.py": b"a = 1\n", "course/data.npz": b"\0\r\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(digests, "ROOT", tmp_path)
    return tmp_path


def test_it_is_the_published_sha256() -> None:
    assert digest([b"a", b"bc"]).startswith("ba7816bf")  # of abc
    assert digest_of({"b": 1, "a": 2}) == digest([b'{"a": 2, "b": 1}'])


@pytest.mark.parametrize("name", ["course/sub/a.py", "course/data.npz"])
@pytest.mark.parametrize("content", [b"", b"a = 2\n", b"a = 1", b"\0\n"])
def test_another_content_has_another_digest(root: Path, name: str, content: bytes) -> None:
    before = digests_of_files("course/**/*")
    (root / name).write_bytes(content)
    after = digests_of_files("course/**/*")
    assert {file for file in after if after[file] != before[file]} == {name}


def test_a_renamed_file_is_another(root: Path) -> None:
    before = digest_of(digests_of_files("course/**/*.py"))
    (root / "course/sub/a.py").rename(root / "course/a.py")
    assert digest_of(digests_of_files("course/**/*.py")) != before


def test_what_no_program_reads_does_not_count(root: Path) -> None:
    before = digests_of_files("course/**/*")
    (root / "course/sub/a.py").write_bytes(b"a = 1\r\n")  # as git writes it on Windows
    (root / "course/__pycache__").mkdir()
    (root / "course/__pycache__/a.pyc").write_bytes(b"compiled")
    if os.name != "nt":  # Windows gives few people the right to make links
        (root / "course/.#a.py").symlink_to("me@here.12345")
    assert digests_of_files("course/**/*") == before
    assert before["course/sub/a.py"] == hashlib.sha256(b"a = 1\n").hexdigest()[:16]


def test_it_covers_what_lessons_import() -> None:
    names = digests_of_files(*digests.LESSON_CODE)
    shown = {"adapters/contract.py", "course/translation/labels.py", "injections/data.py"}
    assert shown | {"datasets/npz.py", "lessons/lesson4_mlp.py"} <= set(names)
    assert not [name for name in names if "exercises" in name or "solutions" in name]


def test_a_worker_needs_no_package_for_it() -> None:
    code = "from compare.fingerprint import code; print(code())"
    command = [sys.executable, "-S", "-c", code]  # -S: without site-packages
    done = subprocess.run(command, cwd=digests.ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == fingerprint.code(), done.stderr

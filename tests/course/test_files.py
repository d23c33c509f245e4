"""Files: written atomically, locked by one process, and told apart by digests and seals."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import fingerprint
from course import digests
from course.checkpoint_format import Unsound, _read_card
from course.digests import SEAL, digest, digest_of, digests_of_files, is_sealed
from course.lock import Lock, Taken
from course.record import read_card
from course.settings import ROOT
from datasets import DataError
from datasets.atomic_files import write_whole

# Atomic writing of files, and the lock that only one process can hold.


def test_a_file_has_its_new_content_or_its_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "both" / "new" / "grades.csv"
    write_whole(file, b"first")

    def fails(number: int) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="no room"):
            write_whole(file, b"second" * 10_000)
    assert file.read_bytes() == b"first"
    assert list(file.parent.iterdir()) == [file]
    write_whole(file, b"second")
    assert file.read_bytes() == b"second"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_its_permissions_are_those_of_any_new_file(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


HOLD = """
import sys, time
from pathlib import Path
from course.lock import Lock
lock = Lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_held_by_one_living_process(tmp_path: Path) -> None:
    """The error names its process; the file of a killed process does not block the lock."""
    file = tmp_path / "run.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Taken, match=f"process {holder.pid} on "):
            Lock(file)
        holder.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    assert file.exists()
    lock = Lock(file)
    with pytest.raises(Taken, match=f"process {os.getpid()} on "):
        Lock(file)
    lock.release()
    assert not file.exists()


def test_a_lock_on_a_removed_file_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening the file and locking it, its holder may release and remove it."""
    file = tmp_path / "run.lock"
    first, opened = Lock(file), os.open

    def slow(*args: object) -> int:
        number = opened(*args)  # type: ignore[arg-type]
        if first.file.exists():
            monkeypatch.setattr(os, "open", opened)
            first.release()
        return number

    monkeypatch.setattr(os, "open", slow)
    lock = Lock(file)
    assert file.exists()
    with pytest.raises(Taken):
        Lock(file)
    lock.release()


# Digests of code and seals of cards change with every byte that counts, and with nothing else.


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


# As earlier code wrote them.
OLD_RECORD = "ce5e0bfc44b2899c93cf880a740d83d23f66b596e691702e9492f26e5ca4a2aa"
OLD_CHECKPOINT = """{
 "card": {
  "format": 1,
  "steps done": 3
 },
 "seal": "3c739096bee5d1452680ed28acfeda6cd1d200991dbca648187fcc5e187c2f35"
}
"""
VALUES = st.dictionaries(st.text(), st.integers() | st.floats() | st.text() | st.none())


@pytest.mark.parametrize("indent", [None, 2])
def test_the_card_of_an_old_record_is_read(tmp_path: Path, indent: int | None) -> None:
    card = {"status": "complete", "format": 1, "files": {}}
    file = tmp_path / "card.json"
    file.write_text(json.dumps(card | {SEAL: OLD_RECORD}, indent=indent), encoding="utf-8")
    assert read_card(file)["status"] == "complete"
    file.write_text(json.dumps(card | {SEAL: OLD_RECORD, "status": "x"}), encoding="utf-8")
    with pytest.raises(DataError, match="its seal differs"):
        read_card(file)


def test_the_card_of_an_old_checkpoint_is_read(tmp_path: Path) -> None:
    file = tmp_path / "step-1.json"
    file.write_text(OLD_CHECKPOINT, encoding="utf-8")
    assert _read_card(file)["steps done"] == 3
    for changed in (OLD_CHECKPOINT.replace("3", "4", 1), OLD_CHECKPOINT.replace(" ", "  ", 1)):
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(Unsound, match="its seal differs"):
            _read_card(file)


@given(VALUES, VALUES)
def test_only_its_own_content_is_sealed(card: dict[str, object], change: dict[str, object]) -> None:
    content = {key: value for key, value in card.items() if key != SEAL}
    assert is_sealed(content | {SEAL: digest_of(content)})
    other = {key: value for key, value in (content | change).items() if key != SEAL}
    same = json.dumps(other, sort_keys=True) == json.dumps(content, sort_keys=True)
    assert is_sealed(other | {SEAL: digest_of(content)}) == same
    assert not is_sealed(content)

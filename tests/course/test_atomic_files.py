"""Atomic writing of files, and the lock that only one process can hold."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from course.lock import Lock, Taken
from course.settings import ROOT
from datasets.atomic_files import write_whole


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

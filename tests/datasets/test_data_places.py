"""Files that change while they are opened, folders that hold something else, digests of files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import DataError, files, load
from datasets.files import Unreadable, content, contents, opened
from tests.waiting import PATIENCE

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert content(path, 5) == content(path, 6) == b"12345"
    with pytest.raises(Unreadable, match="has 5 bytes, and at most 4 are read"):
        content(path, 4)
    with opened(path) as file:
        assert file.read() == b"12345"


def test_four_arrays_of_the_largest_size_fit_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The claimed sizes: nothing of such a size is written."""
    path, largest = Path(__file__), 4 << 30
    for size, fits in ((largest, True), (largest + 1, False)):
        status = os.stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, size, 0, 0, 0))
        monkeypatch.setattr(Path, "stat", lambda self, status=status, **_: status)
        if fits:
            with opened(path) as file:
                assert file.read(3) == b'"""'
        else:
            with (
                pytest.raises(Unreadable, match="and at most 4,294,967,296 are read"),
                opened(path),
            ):
                pass


@POSIX
def test_links_are_followed_unless_that_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert content(tmp_path / "link", 5) == b"1"
    with pytest.raises(Unreadable, match="is a link, not a regular file"):
        content(tmp_path / "link", 5, follow=False)
    (tmp_path / "real").unlink()
    with pytest.raises(Unreadable, match=r"cannot be read \(a broken link\)"):
        content(tmp_path / "link", 5)
    with pytest.raises(Unreadable, match=r"cannot be read \(No such file or directory\)"):
        content(tmp_path / "real", 5)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(Unreadable, match="symbolic links"):
        content(tmp_path / "loop", 5)


def to_a_pipe(path: Path) -> None:
    os.mkfifo(path)


def to_a_link(path: Path) -> None:
    path.with_name("other").write_bytes(b"secret")
    path.symlink_to(path.with_name("other"))


@POSIX
@pytest.mark.timeout(PATIENCE)  # a reader that waits for a writer would wait, not fail
@pytest.mark.parametrize(
    ("change", "follow"), [(to_a_pipe, True), (to_a_pipe, False), (to_a_link, False)]
)
def test_a_path_that_changes_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], follow: bool
) -> None:
    path, check = tmp_path / "file", files._check
    path.write_bytes(b"1")

    def changing(at: Path, status: os.stat_result, largest: int) -> None:
        check(at, status, largest)
        monkeypatch.setattr(files, "_check", check)
        path.unlink()
        change(path)

    monkeypatch.setattr(files, "_check", changing)
    with pytest.raises(Unreadable):
        content(path, 5, follow=follow)


def test_the_digests_of_a_folder(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    a, b = (hashlib.sha256(name.encode()).hexdigest() for name in "ab")
    assert contents(tmp_path) == {"a": a, "b": b}  # what is no file of sane size is left out
    assert contents(tmp_path, ("b",)) == {"b": b}
    assert contents(tmp_path, ("a", "none")) == {"a": a}
    assert contents(tmp_path / "a") == contents(tmp_path / "a", ("a",)) == {"a": a}
    assert contents(tmp_path / "a", ("b",)) == {}
    for name in ("empty", "folder"):
        with pytest.raises(Unreadable, match=name):
            contents(tmp_path, (name,))


# A folder without the four files: what it does hold is named.


def refused(folder: Path) -> str:
    with pytest.raises(DataError, match="has no train-images-idx3-ubyte") as error:
        load(folder)
    return str(error.value)


def test_the_four_files_below_a_folder_are_found(tmp_path: Path, tiny: Any, write_idx: Any) -> None:
    below = write_idx(tmp_path / "FashionMNIST" / "raw", tiny())
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    assert f"they are in '{below}', name that folder" in refused(tmp_path)
    (below / "t10k-labels-idx1-ubyte").unlink()
    assert "they are in" not in refused(tmp_path)


def test_files_of_another_name_are_named(tmp_path: Path, tiny: Any, write_idx: Any) -> None:
    folder = write_idx(tmp_path / "set", tiny())
    for path in folder.iterdir():
        path.rename(folder / f"emnist-letters-{path.name}")
    found = refused(folder)
    assert "'emnist-letters-t10k-images-idx3-ubyte' has another name, rename the four" in found


def test_other_files_are_named(tmp_path: Path, tiny: Any, write_idx: Any) -> None:
    assert "(or train-images-idx3-ubyte.gz): expected the four files" in refused(tmp_path)
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "empty").touch()
    assert "it holds" not in refused(tmp_path)
    (tmp_path / "table").write_text("a,b\n1,2\n")
    assert "it holds 'table', a table in text, such as a CSV: " in refused(tmp_path)
    np.savez(tmp_path / "mine.npz", x=1)
    assert "it holds 'mine.npz', name that file; " in refused(tmp_path)  # before the table


def test_one_of_the_four_is_no_other_file(tmp_path: Path, tiny: Any, write_idx: Any) -> None:
    folder = write_idx(tmp_path / "set", tiny())
    (folder / "train-images-idx3-ubyte").unlink()
    found = refused(folder)
    assert "it holds" not in found
    assert "another name" not in found

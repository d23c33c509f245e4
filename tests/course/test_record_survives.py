"""A finished record is never lost, leftovers of killed runs are removed, changes are noticed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.record import FORMER, Staging, read_record
from datasets import DataError


def _staged(out: Path, value: float, status: str = "complete", **card: Any) -> Staging:
    staging = Staging(str(out), 3)
    staging.write({"softmax/losses": np.array([value])}, {"status": status, **card})
    return staging


def _publish(out: Path, value: float, status: str = "complete", **card: Any) -> Path:
    return _staged(out, value, status, **card).publish("a", complete=status == "complete")


def _value(folder: Path) -> float:
    return float(read_record(folder)[0]["softmax/losses"][0])


class Killed(BaseException):
    """The process ends here."""


def _killed_between_the_renames(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staging, rename = _staged(out, 2.0), Path.rename

    def dies(self: Path, target: Path) -> Path:
        if self == staging.folder:
            raise Killed
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dies)
        patched.setattr("course.record._put_back", lambda former: None)
        with pytest.raises(Killed):
            staging.publish("a", complete=True)
    assert staging._lock is not None
    os.close(staging._lock._number)  # as the system does


def test_a_former_record_is_moved_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the next run in that folder."""
    folder = _publish(tmp_path, 1.0)
    _killed_between_the_renames(tmp_path, monkeypatch)
    assert not folder.exists()
    Staging(str(tmp_path), 3).discard()
    assert _value(folder) == 1.0
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


def test_a_former_record_replaces_an_unfinished_one_but_no_finished_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another process has published a record in between."""
    for status, value in (("interrupted", 1.0), ("complete", 3.0)):
        out = tmp_path / status
        folder = _publish(out, 1.0)
        _killed_between_the_renames(out, monkeypatch)
        (former,) = folder.parent.glob(f"{FORMER}*")
        hidden = former.rename(out / "hidden")  # the other one had started before
        staging = _staged(out, 3.0, status)
        hidden.rename(former)
        staging.publish("a", complete=status == "complete")
        Staging(str(out), 3).discard()
        assert _value(folder) == value
        names = {path.name for path in folder.parent.iterdir()}
        assert names == {"a", "a-unfinished"} if status == "interrupted" else {"a"}


def test_a_record_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rename works and the second never does."""
    folder, staging = _publish(tmp_path, 1.0), _staged(tmp_path, 2.0)
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self == staging.folder:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(Exception, match=r"cannot replace .*Input/output error"):
        staging.publish("a", complete=True)
    assert _value(folder) == 1.0


def test_unlocked_folders_are_removed(tmp_path: Path) -> None:
    """Whatever their age: a clock may have been moved."""
    running, home = Staging(str(tmp_path), 3), tmp_path / "lesson3"
    os.utime(running.folder, (0, 0))
    (home / ".unfinished-dead").mkdir()
    (home / ".unfinished-gone.lock").touch()
    Staging(str(tmp_path), 3).discard()
    left = {path.name for path in home.iterdir()}
    assert left == {running.folder.name, f"{running.folder.name}.lock"}
    running.discard()


@pytest.mark.parametrize(
    "figures",
    [
        [{"file": "../secret.png", "alt": "x"}], [{"file": "..\\secret.png", "alt": "x"}],
        [{"file": "card.json", "alt": "x"}], [{"file": "link.png", "alt": "x"}],
        [{"file": "a\0.png", "alt": "x"}], [{"file": 3, "alt": "x"}], [{"file": "b.png"}],
        ["b.png"],
        {"file": "b.png"}, None, 3,
    ],
    ids=str,
)  # fmt: skip
def test_a_foreign_card_cannot_have_other_files_copied(figures: Any, tmp_path: Path) -> None:
    folder = _publish(tmp_path, 1.0, figures=figures)
    (folder.parent / "secret.png").write_bytes(b"secret")
    (folder / "b.png").write_bytes(b"picture")
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    staging = Staging(str(tmp_path), 3)
    assert staging.keep_figures("a") == []
    assert list(staging.folder.iterdir()) == []
    staging.discard()


def test_a_card_that_lost_its_seal_is_noticed(tmp_path: Path) -> None:
    """If any of the three sealing keys is missing; a card without all of them is another's."""
    folder = _publish(tmp_path, 1.0)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    for name in ("seal", "files", "format", "status"):
        less = {key: value for key, value in card.items() if key != name}
        (folder / "card.json").write_text(json.dumps(less), encoding="utf-8")
        with pytest.raises(DataError, match=r"card\.json.*its seal differs"):
            read_record(folder)
    (folder / "card.json").write_text('{"status": "complete"}', encoding="utf-8")
    assert _value(folder) == 1.0


def test_arrays_of_another_record_are_noticed(tmp_path: Path) -> None:
    """The arrays are sound, but do not belong to this card."""
    first, second = _publish(tmp_path / "1", 1.0), _publish(tmp_path / "2", 2.0)
    (first / "record.npz").write_bytes((second / "record.npz").read_bytes())
    with pytest.raises(DataError, match=r"record\.npz.*has changed since it was written"):
        read_record(first)

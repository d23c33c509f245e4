"""Limits: the last valid value, and the first invalid one."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import DataError, files, idx, images, load, npz, rebuild

WINDOW = 1 << 15  # bytes that gzip can look back over
IMAGES = np.zeros((2, 4, 3), np.uint8)


def test_names_longer_than_200_characters_are_shortened() -> None:
    assert files.show("x" * 198) == "'" + "x" * 198 + "'"  # with its quotes 200
    assert files.show("x" * 199) == "'" + "x" * 119 + "…" + "x" * 69 + "'"
    long = "a" * 200 + "b" * 199
    assert files.show(long) == f"'{'a' * 119}…{'b' * 69}'"


def test_an_error_means_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refuse)
    assert files.is_folder(Path("anywhere")) is False


@pytest.mark.parametrize("name", ["houses", "fashion10k"])
def test_a_data_set_is_immutable_and_equal_only_to_itself(name: str) -> None:
    ours: Any = load(name)
    with pytest.raises(dataclasses.FrozenInstanceError):
        ours.name = "another"
    assert ours == ours  # arrays have no truth value, so a set is compared as an object
    assert ours != dataclasses.replace(ours)
    assert len({ours, ours}) == 1


def test_the_first_unknown_column_is_named() -> None:
    houses: Any = load("houses")
    with pytest.raises(DataError, match="no column 'garden'"):
        houses.table("garden", "cellar")


def test_gzip_may_use_its_whole_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idx, "CHUNK", 1 << 12)  # what is looked back to has been handed on
    noise = np.random.default_rng(0).integers(0, 256, WINDOW - 300, np.uint8).tobytes()
    body = noise + noise[:250]  # what is repeated lies nearly a window back
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    path = tmp_path / "labels"
    path.write_bytes(pack.compress(idx.header((len(body),)) + body) + pack.flush())
    assert idx.read(path, 1).tobytes() == body


def test_a_zlib_stream_is_no_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(zlib.compress(idx.header(IMAGES.shape) + IMAGES.tobytes()))
    with pytest.raises(DataError, match=r"an unknown kind of file \(it begins with 78"):
        idx.read(path, 3)


@pytest.mark.parametrize(
    ("label", "right"), [(-1, False), (0, True), (images.MAX_CLASSES - 1, True),
                         (images.MAX_CLASSES, False)],
)  # fmt: skip
def test_labels_from_zero_to_the_last_class(
    tiny: Callable[[], dict[str, Any]], label: int, right: bool
) -> None:
    arrays = tiny()
    arrays["y_train"] = arrays["y_train"].astype(np.int64)
    arrays["y_train"][5] = label
    arrays["y_train"][4] = max(0, label - 1)  # a lone 255 is a mark for no class
    if right:
        assert images.checked("tiny", arrays).y_train[5] == label
    else:
        with pytest.raises(DataError, match=rf"y_train\[5\] is {label}"):
            images.checked("tiny", arrays)


@pytest.mark.parametrize("reader", ["read", "read_all"])
@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_itself_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str, over: int
) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, a=np.arange(9))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("a.npy").file_size
    monkeypatch.setattr(npz, "LIMIT", size - over)
    call = npz.read_all if reader == "read_all" else lambda path: npz.read(path, ("a",))
    if over:
        with pytest.raises(DataError, match="bytes; at most"):
            call(path)
    else:
        assert call(path)["a"].tolist() == list(range(9))


def test_read_all_reads_text(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, a=np.array(["one", "three"]))
    assert npz.read_all(path)["a"].tolist() == ["one", "three"]
    with pytest.raises(DataError, match="expected plain integers or floats"):
        npz.read(path, ("a",))


@pytest.mark.parametrize(("dimensions", "right"), [(8, True), (9, False)])
def test_eight_dimensions_are_enough(tmp_path: Path, dimensions: int, right: bool) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, a=np.ones([1] * dimensions))
    if right:
        assert npz.read(path, ("a",))["a"].ndim == dimensions
    else:
        with pytest.raises(DataError, match="an invalid header"):
            npz.read(path, ("a",))


def test_reasons_are_cut_at_120_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(b"PK")
    with pytest.raises(DataError) as error, npz._as_data_error(path):
        raise ValueError("x" * 500)
    assert str(error.value).endswith(f" ({'x' * 120}): copy or write it again")


def test_the_last_line_of_a_program_is_reported(tmp_path: Path) -> None:
    """From standard error, or else from standard output, or else that it said nothing."""
    for code, last in (
        ("import sys; print('out'); print('one\\ntwo', file=sys.stderr)", "two"),
        ("print('one\\nout')", "out"),
        ("", "no message"),
    ):
        with pytest.raises(DataError, match=rf"failed \({last}\); do this instead"):
            rebuild._run(
                [sys.executable, "-c", f"{code}\nraise SystemExit(3)"], tmp_path, "do this instead"
            )


def test_a_program_has_ten_minutes_and_its_output_is_captured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def play(command: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
        asked.update(how)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", play)
    rebuild._run(["any"], tmp_path, "nothing")
    assert (asked["timeout"], asked["capture_output"]) == (600, True)


def test_the_committed_part_has_equally_many_of_each_class() -> None:
    part: Any = load("fashion10k")
    found = {split: np.bincount(getattr(part, f"y_{split}")) for split in ("train", "test")}
    for split, counts in found.items():
        assert set(counts.tolist()) == {rebuild.PER_CLASS[split]}

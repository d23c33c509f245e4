"""IDX files: every damage is one DataError, in bounded time and memory."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import DataError, Images, files, idx, load
from tests.waiting import PATIENCE

SOUND = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
BYTES = idx.header(SOUND.shape) + SOUND.tobytes()
TERABYTES = idx.header((0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF))

CASES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty, with 0 bytes"),
    "half a header": (BYTES[:10], "has 10 bytes: too short"),
    "text": (
        b"label,pixel1,pixel2\n",
        "is a table in text, such as a CSV, and not an IDX file of unsigned bytes with 3 dim",
    ),
    "labels for images": (
        idx.header((24,)) + bytes(24),
        "is an IDX file of unsigned bytes with 1 dimension, and not .* with 3 dimensions: are two",
    ),
    "floats": (b"\0\0\x0d\x03" + BYTES[4:], "is an IDX file of floats with 3 dimensions"),
    "cut off": (
        BYTES[:-1],
        r"ends early: its header claims \(2, 4, 3\), which is 24 values, and 23",
    ),
    "left over": (BYTES + b"!", "goes on after its"),
    "no images": (idx.header((0, 28, 28)), "is empty"),
    "no width": (idx.header((9, 28, 0)), "is empty"),
    "terabytes": (TERABYTES + bytes(100), ".* more than the 1073741824 bytes allowed"),
    "a gigabyte": (idx.header((1024, 1024, 1024)) + bytes(9), "ends early"),
    "gzip, nothing": (gzip.compress(b""), "has 0 bytes: too short"),
    "gzip, cut off": (gzip.compress(BYTES)[:-9], "ends early, in its gzip data"),
    "gzip, header only": (gzip.compress(BYTES)[:10], "ends early, in its gzip data"),
    "gzip, checksum": (gzip.compress(BYTES)[:-8] + bytes(8), "is damaged gzip data"),
    "gzip, left over": (gzip.compress(BYTES) + b"!", "goes on after the end of its gzip data"),
    "gzip, twice": (gzip.compress(BYTES) * 2, "goes on after the end of its gzip data"),
    "gzip, terabytes": (gzip.compress(TERABYTES), ".* more than the 1073741824 bytes allowed"),
    "gzip of gzip": (
        gzip.compress(gzip.compress(BYTES)),
        "is gzip data, and not an IDX file .*: unpack it, once more",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_file_is_one_clear_error(tmp_path: Path, little_memory: Any, case: str) -> None:
    data, message = CASES[case]
    path = tmp_path / "images"
    path.write_bytes(data)
    with little_memory(), pytest.raises(DataError, match=f"images' {message}"):
        idx.read(path, 3)


def test_a_gzip_bomb_is_not_read_beyond_the_claimed_size(
    tmp_path: Path, little_memory: Any
) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(gzip.compress(BYTES + bytes(64 << 20)))  # 64 MiB of zeros in 64 KiB
    with little_memory(), pytest.raises(DataError, match="goes on after its"):
        idx.read(path, 3)


def test_the_memory_check_can_fail(tmp_path: Path, little_memory: Any) -> None:
    """The check above can fail: a reader that unpacks first takes more than is allowed."""
    with pytest.raises(AssertionError, match="at the peak"), little_memory():
        gzip.decompress(gzip.compress(BYTES + bytes(64 << 20)))


@pytest.mark.parametrize("size", [files.CHUNK - 16, files.CHUNK, 3 * files.CHUNK + 5])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_files_larger_than_a_piece(tmp_path: Path, size: int, pack: Callable[..., bytes]) -> None:
    values = np.random.default_rng(0).integers(0, 256, (size, 1, 1), dtype=np.uint8)
    path = tmp_path / "images"
    path.write_bytes(pack(idx.header(values.shape) + values.tobytes()))
    assert np.array_equal(idx.read(path, 3), values)


def test_a_gzip_of_zeros_is_read_to_its_end(tmp_path: Path) -> None:
    """Here zlib holds output back for which it needs no more input."""
    values = np.zeros((5 * files.CHUNK + 7,), np.uint8)
    path = tmp_path / "labels"
    path.write_bytes(gzip.compress(idx.header(values.shape) + values.tobytes()))
    assert np.array_equal(idx.read(path, 1), values)


# -- folders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("dot", ["-", "."])
def test_a_folder_of_the_user(
    tmp_path: Path, tiny: Any, write_idx: Any, ending: str, dot: str
) -> None:
    folder = write_idx(tmp_path / "meine Bilder ü;$(x)", tiny(), ending, dot)
    for name in (str(folder), folder):
        data = load(name)
        assert isinstance(data, Images)
        assert data.name == folder.name
        assert data.class_names == ("0", "1", "2")
        for key, array in tiny().items():
            assert np.array_equal(getattr(data, key), array)


def test_links_to_files_are_followed(tmp_path: Path, tiny: Any, write_idx: Any) -> None:
    folder = write_idx(tmp_path / "real", tiny())
    (tmp_path / "links").mkdir()
    for path in folder.iterdir():
        (tmp_path / "links" / path.name).symlink_to(path)
    assert load(str(tmp_path / "links")).digest == load(str(folder)).digest


@pytest.mark.parametrize("name", [name for name, _ in idx.FILES.values()])
def test_a_missing_file_is_named(tmp_path: Path, tiny: Any, write_idx: Any, name: str) -> None:
    folder = write_idx(tmp_path / "set", tiny())
    (folder / name).unlink()
    with pytest.raises(DataError, match=rf"set' has no {name} \(or {name}.gz\)"):
        load(str(folder))


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)  # opening it to read would wait for ever


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")  # reading it would never end


def _nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def _loop(path: Path) -> None:
    path.symlink_to(path)


POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@pytest.mark.timeout(PATIENCE)  # a reader that does open the pipe would wait, not fail
@pytest.mark.parametrize(
    "make",
    [_folder, *(pytest.param(f, marks=POSIX) for f in (_pipe, _device, _nowhere, _loop))],
)
@pytest.mark.parametrize("name", ["x.npz", "set/train-images-idx3-ubyte"])
def test_paths_that_are_no_regular_files_are_refused(
    tmp_path: Path, tiny: Any, write_idx: Any, make: Callable[[Path], None], name: str
) -> None:
    write_idx(tmp_path / "set", tiny())
    (tmp_path / name).unlink(missing_ok=True)
    make(tmp_path / name)
    with pytest.raises(DataError, match=r"not a regular file|cannot be read|has no train-images"):
        load(str(tmp_path / name if name == "x.npz" else tmp_path / "set"))


def test_a_file_without_read_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "images"
    path.write_bytes(BYTES)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(
        DataError, match=r"images' cannot be read \(Permission denied\): check path"
    ):
        idx.read(path, 3)


# -- fuzzing: an array or a DataError, never anything else -----------------------------------------

EDITS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4)


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx") / "images"


def array_or_error(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        array = idx.read(path, 3)
    except DataError as error:
        lines = str(error).splitlines()
    else:
        lines = []
        assert array.ndim == 3
        assert array.size > 0
        assert array.dtype == np.uint8
    assert len(lines) <= 1
    assert len("".join(lines)) < 600


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=64), pack=st.booleans(), magic=st.booleans())
def test_any_bytes(scratch: Path, data: bytes, pack: bool, magic: bool) -> None:
    data = b"\0\0\x08\x03" * magic + data
    array_or_error(scratch, gzip.compress(data) if pack else data)


@settings(max_examples=300, deadline=None)
@given(edits=EDITS, keep=st.integers(0, 100), tail=st.binary(max_size=8), pack=st.booleans())
def test_a_sound_file_changed_a_little(
    scratch: Path, edits: list[tuple[int, int]], keep: int, tail: bytes, pack: bool
) -> None:
    data = bytearray(gzip.compress(BYTES) if pack else BYTES)
    for at, value in edits:
        data[at % len(data)] = value
    array_or_error(scratch, bytes(data[: keep or None]) + tail)

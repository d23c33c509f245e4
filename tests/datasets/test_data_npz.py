"""Untrusted .npz files: every damage is one DataError, in bounded time and memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import DataError, Images, load, npz

KEYS = ("x_train", "y_train", "x_test", "y_test")


def packed(compress: bool = True, **arrays: Any) -> bytes:
    out = io.BytesIO()
    (np.savez_compressed if compress else np.savez)(out, **arrays)
    return out.getvalue()


def zipped(member: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A sound zip whose member a.npy is `member`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr("a.npy", member)
    return out.getvalue()


def npy(
    descr: str = "'|u1'",
    fortran: str = "False",
    shape: str = "(2, 3)",
    body: bytes = bytes(6),
    version: bytes = b"\1\0",
) -> bytes:
    """A member as np.save lays it out, with any header."""
    text = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()
    size = len(text).to_bytes(2 if version == b"\1\0" else 4, "little")
    return b"\x93NUMPY" + version + size + text + body


def read(path: Path, data: bytes) -> np.ndarray[Any, Any]:
    path.write_bytes(data)
    return npz.read(path, ("a",))["a"]


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.uint8).reshape(2, 3),
        np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(6, dtype=">i8"),
        np.arange(6, dtype="<u2")[::-2],
        np.array(3.5),
        np.zeros((0, 3)),
        np.array([True, False]),
        np.array([np.nan, 1], dtype=np.float16),
        np.arange(3 << 20, dtype=np.uint8),
    ],
    ids=lambda a: f"{a.dtype.str}{a.shape}"[:20],
)
@pytest.mark.parametrize("compress", [True, False])
def test_it_reads_what_numpy_writes(
    tmp_path: Path, array: np.ndarray[Any, Any], compress: bool
) -> None:
    found = read(tmp_path / "a.npz", packed(compress, a=array))
    assert np.array_equal(found, array, equal_nan=array.dtype.kind == "f")
    assert found.dtype == array.dtype.newbyteorder("=")
    assert found.shape == array.shape
    assert found.flags.c_contiguous
    assert found.flags.writeable


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is empty, with 0 bytes"),
    "text": (
        lambda: b"hello",
        "is text, and not an .npz file as written by np.savez: read its numbers",
    ),
    "cut off": (lambda: packed(a=np.arange(99))[:-30], "is damaged, not an .npz file"),
    "missing": (lambda: packed(b=[1]), r"a is there 0 times, not once; found \['b'\]"),
    "objects": (lambda: packed(a=np.array([{}, 1], dtype=object)), "objects need pickle"),
    "text array": (lambda: packed(a=["x"]), "expected plain integers or floats"),
    "structured": (lambda: packed(a=np.zeros(2, "u1,u2")), "has a structured dtype"),
    "complex": (lambda: packed(a=[1j]), "has dtype '<c16'"),
    "dates": (lambda: packed(a=np.zeros(2, "M8[s]")), r"has dtype '<M8\[s\]'"),
    "not npy": (lambda: zipped(b"hello"), "is not a .npy array of version 1.0"),
    "version 2": (lambda: zipped(npy(version=b"\2\0")), "is not a .npy array of version 1.0"),
    "code": (lambda: zipped(npy(descr="__import__('os')")), "has a structured dtype"),
    "odd dtype": (lambda: zipped(npy(descr="'<i3'")), "has dtype '<i3'"),
    "too few": (lambda: zipped(npy(body=bytes(5))), "which is 6 bytes, but 5 are there"),
    "too many": (lambda: zipped(npy(body=bytes(7))), "which is 6 bytes, but 7 are there"),
    "terabytes": (lambda: zipped(npy(shape=f"({10**9}, {10**9})")), "but 6 are there"),
    "negative": (lambda: zipped(npy(shape="(-1, 6)")), "an invalid header"),
    "no sizes": (lambda: zipped(npy(shape="(,)")), "an invalid header"),
    "many sizes": (lambda: zipped(npy(shape="(" + "1, " * 50 + ")")), "an invalid header"),
    "a float size": (lambda: zipped(npy(shape="(2., 3)")), "an invalid header"),
    "endless size": (lambda: zipped(npy(shape="(" + "9" * 5000 + ",)")), "an invalid header"),
    "bzip2": (lambda: zipped(npy(), zipfile.ZIP_BZIP2), "is encrypted or packed unusually"),
    "lzma": (lambda: zipped(npy(), zipfile.ZIP_LZMA), "is encrypted or packed unusually"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_file_is_one_clear_error(tmp_path: Path, little_memory: Any, case: str) -> None:
    data, message = CASES[case]
    content = data()
    with little_memory(), pytest.raises(DataError, match=f"mine.npz'.* {message}|{message}"):
        read(tmp_path / "mine.npz", content)


def test_a_name_that_occurs_twice(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.npy", npy())
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.npy", npy())
    with pytest.raises(DataError, match="a is there 2 times, not once"):
        read(tmp_path / "mine.npz", out.getvalue())


def test_an_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(zipped(npy()))
    data[data.rindex(b"PK\1\2") + 8] |= 1  # the flags in the table of contents
    with pytest.raises(DataError, match="is encrypted or packed unusually"):
        read(tmp_path / "mine.npz", bytes(data))


# -- bombs -----------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_by_its_size(
    tmp_path: Path, little_memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed(a=np.zeros(64 << 20, np.uint8))  # 64 MiB of zeros in 64 KiB
    monkeypatch.setattr(npz, "LIMIT", 1 << 20)
    with little_memory(), pytest.raises(DataError, match=r"a claims 671\d+ bytes; at most 1048576"):
        read(tmp_path / "bomb.npz", bomb)


@pytest.mark.parametrize("claim", [7, 1 << 20, 0xFFFFFFFE])
def test_a_zip_bomb_with_a_forged_size(
    tmp_path: Path, little_memory: Any, monkeypatch: pytest.MonkeyPatch, claim: int
) -> None:
    bomb = bytearray(packed(a=np.zeros(64 << 20, np.uint8)))
    at = bomb.rindex(b"PK\1\2") + 24  # the unpacked size in the table of contents
    bomb[at : at + 4] = claim.to_bytes(4, "little")
    monkeypatch.setattr(npz, "LIMIT", 2 << 20)
    with little_memory(), pytest.raises(DataError):
        read(tmp_path / "bomb.npz", bytes(bomb))


def test_a_member_shorter_than_it_claims(tmp_path: Path) -> None:
    """Header and table agree on 1,000 values; six are there, and their checksum is right."""
    member = npy(shape="(1000,)")
    data = bytearray(zipped(member))
    at = data.rindex(b"PK\1\2") + 24  # the unpacked size in the table of contents
    data[at : at + 4] = (len(member) - 6 + 1000).to_bytes(4, "little")
    with pytest.raises(DataError, match="a ends early: 6 of 1000 bytes"):
        read(tmp_path / "mine.npz", bytes(data))


def test_a_forged_table_of_contents_is_not_swallowed(tmp_path: Path, little_memory: Any) -> None:
    """An end record that claims a table of 200 MB, in a file that has them (as a hole)."""
    size = 200_000_000
    end = b"PK\5\6" + bytes(4) + b"\1\0\1\0" + size.to_bytes(4, "little") + bytes(6)
    path = tmp_path / "forged.npz"
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.truncate(size)
        file.seek(size)
        file.write(end)
    with little_memory(), pytest.raises(DataError, match="its table of contents is too long"):
        npz.read(path, ("a",))


# -- a data set of one's own -----------------------------------------------------------------------


def test_a_file_of_the_user(tmp_path: Path, tiny: Any) -> None:
    np.savez(tmp_path / "my own.npz", **tiny(), notes=np.array(["ignored"]))
    data = load(str(tmp_path / "my own.npz"))
    assert isinstance(data, Images)
    assert data.name == "my own.npz"
    assert data.n_classes == 3
    assert np.array_equal(data.x_test, tiny()["x_test"])


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_array_is_named(tmp_path: Path, tiny: Any, key: str) -> None:
    arrays = tiny()
    del arrays[key]
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(DataError, match=f"mine.npz': {key} is there 0 times, not once; found"):
        load(str(tmp_path / "mine.npz"))


# -- fuzzing: an array or a DataError, never anything else -----------------------------------------

STORED, DEFLATED = (packed(c, a=np.arange(30, dtype=np.uint8).reshape(5, 6)) for c in (False, True))


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("npz") / "mine.npz"


def array_or_error(path: Path, data: bytes) -> None:
    try:
        array = read(path, data)
    except DataError as error:
        lines = str(error).splitlines()
    else:
        lines = []
        assert array.dtype.kind in "biuf"
        assert array.flags.c_contiguous
    assert len(lines) <= 1
    assert len("".join(lines)) < 600


@settings(max_examples=300, deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4),
    keep=st.integers(0, 400),
    compress=st.booleans(),
)
def test_a_sound_file_changed_a_little(
    scratch: Path, edits: list[tuple[int, int]], keep: int, compress: bool
) -> None:
    data = bytearray(DEFLATED if compress else STORED)
    for at, value in edits:
        data[at % len(data)] = value
    array_or_error(scratch, bytes(data[: keep if keep > 200 else None]))


@settings(max_examples=150, deadline=None)
@given(member=st.binary(max_size=80), magic=st.booleans())
def test_any_member(scratch: Path, member: bytes, magic: bool) -> None:
    array_or_error(scratch, zipped(b"\x93NUMPY\1\0" * magic + member))


LITERAL = st.one_of(
    st.sampled_from(
        ["'|u1'", "'<f8'", "'>i4'", "'=f2'", "'|f1'", "'|O'", "[('a', '<i4')]", "True"]
    ),
    st.text(max_size=12),
)
SIZES = st.lists(st.integers(-1, 10**20) | st.integers(0, 3), max_size=10)


@settings(max_examples=300, deadline=None)
@given(descr=LITERAL, fortran=LITERAL, shape=SIZES.map(tuple), body=st.binary(max_size=40))
def test_any_header(
    scratch: Path, descr: str, fortran: str, shape: tuple[int, ...], body: bytes
) -> None:
    array_or_error(scratch, zipped(npy(descr, fortran, str(shape), body)))


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes(scratch: Path, data: bytes) -> None:
    array_or_error(scratch, data)

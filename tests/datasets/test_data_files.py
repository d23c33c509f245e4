"""Files on disk: the whole of Fashion-MNIST, found and verified; and files that are no data set."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from datasets import DataError, Images, fashion, idx, load
from datasets.idx import header
from tests.trust.files import idx as idx_file
from tests.trust.files import lay, npz

# Finding and verifying the whole of Fashion-MNIST, replaced here by a tiny set.


@pytest.fixture
def places(tmp_path: Path, tiny: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose Fashion-MNIST is the tiny set, and which has it nowhere yet."""
    monkeypatch.setattr(fashion, "PLACES", (str(tmp_path / "debian"), "~/.keras/fashion-mnist"))
    monkeypatch.setattr(
        fashion, "UNPACKED", {key: idx.file_sha256(array) for key, array in tiny().items()}
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv("TRIPTYCH_DATA", raising=False)
    return tmp_path


def test_not_found_lists_the_places_and_the_remedies(places: Path) -> None:
    expected = r"searched '.*debian', '.*home.*keras.*'; install it \(`apt install dataset-fashion"
    with pytest.raises(DataError, match=expected) as error:
        load("fashion-mnist")
    assert "DATA=folder" in str(error.value)
    assert "fashion10k" in str(error.value)


@pytest.mark.parametrize("place", ["debian", "home/.keras/fashion-mnist"])
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_it_is_found_where_other_programs_store_it(
    places: Path, tiny: Any, write_idx: Any, place: str, ending: str
) -> None:
    write_idx(places / place, tiny(), ending)
    data = load("fashion-mnist")
    assert isinstance(data, Images)
    assert data.class_names == fashion.CLASS_NAMES
    assert np.array_equal(data.x_train, tiny()["x_train"])


@pytest.mark.parametrize("inside", ["", "fashion-mnist", "FashionMNIST/raw"])
def test_the_users_folder_comes_first(
    places: Path, tiny: Any, write_idx: Any, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    write_idx(places / "debian", tiny())
    chosen = write_idx(places / "chosen" / inside, tiny())
    monkeypatch.setenv("TRIPTYCH_DATA", str(places / "chosen"))
    assert fashion.find() == chosen


def test_an_incomplete_folder_is_passed_over(places: Path, tiny: Any, write_idx: Any) -> None:
    folder = write_idx(places / "debian", tiny())
    (folder / "t10k-labels-idx1-ubyte").unlink()
    other = write_idx(places / "home/.keras/fashion-mnist", tiny())
    assert fashion.find() == other


@pytest.mark.parametrize("key", ["x_train", "y_train", "x_test", "y_test"])
def test_a_copy_that_differs_is_refused(places: Path, tiny: Any, write_idx: Any, key: str) -> None:
    arrays = tiny()
    arrays[key].flat[0] ^= 1
    write_idx(places / "debian", arrays)
    expected = f"debian': {idx.FILES[key][0]} has sha256 .* it is not Fashion-MNIST's, or damaged"
    with pytest.raises(DataError, match=expected):
        load("fashion-mnist")


def test_a_folder_with_the_whole_set_gets_the_names_of_its_classes(
    places: Path, tiny: Any, write_idx: Any
) -> None:
    arrays = tiny()
    known = load(str(write_idx(places / "known", arrays)))
    arrays["x_train"][0, 0, 0] ^= 1  # all the rest is Fashion-MNIST's still
    other = load(str(write_idx(places / "other", arrays)))
    assert isinstance(known, Images)
    assert isinstance(other, Images)
    assert known.class_names == fashion.CLASS_NAMES
    assert other.class_names == ("0", "1", "2")


# The error about a file that is not a data set names its kind, in any place and packing.


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return out.getvalue()


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("train-images-idx3-ubyte"))
    return out.getvalue()


def npy(array: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


CSV = b"label,pixel0,pixel1\n5,0,0\n"
TABLE, PICKLE, AGAIN = "a table in text, such as a CSV", "a pickle, which can run code", "fetch the"
FOUND: dict[str, tuple[bytes, str]] = {
    "a table": (CSV, TABLE),
    "a table of Windows": (CSV.replace(b"\n", b"\r\n"), TABLE),
    "a table with accents": ("étiquette;pixel\n5;0\n".encode(), TABLE),
    "a table in Latin-1": ("étiquette;pixel\n5;0\n".encode("latin-1"), TABLE),
    "a table in UTF-16": ("label,pixel\n5,0\n".encode("utf-16"), TABLE),
    "a text that is cut within a letter": (b"a" * 511 + "é".encode(), "text, and not"),
    "JSON": (b'{"x_train": [[1, 2]]}', "text in JSON"),
    "a web page": (b"\n<!DOCTYPE html><html>", AGAIN),
    "a piece of one": (b"<p>Not found</p>", AGAIN),
    "a server's answer": (b"404: Not Found", AGAIN),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\r\noid", "run `git lfs pull`"),
    **{f"pickle {n}": (pickle.dumps({"a": 1}, n), PICKLE) for n in (0, 2, 3, 4, 5)},
    "torch": (zipped("archive/data.pkl", "archive/data/0"), "a PyTorch file, with a pickle in it"),
    "a workbook": (zipped("[Content_Types].xml", "xl/workbook.xml"), "an Office document or table"),
    "a zip archive": (zipped("train-images-idx3-ubyte"), "a zip archive"),
    "a tar archive": (tar(), "a tar archive"),
    "bzip2": (bz2.compress(CSV), "bzip2 data"),
    "xz": (lzma.compress(CSV), "xz data"),
    "lz4": (b"\x04\x22\x4d\x18" + bytes(20), "lz4 data"),
    "an array": (npy(np.zeros((3, 2, 2))), "a single .npy array"),
    "safetensors": (save({"x": np.zeros(3)}), "a safetensors file"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(50), "an HDF5 file"),
    "MATLAB 5": (b"MATLAB 5.0 MAT-file, Platform: x", "a MATLAB file"),
    "MATLAB 7": (b"MATLAB 7.3 MAT-file, Platform: x", "a MATLAB file"),
    "Parquet": (b"PAR1" + bytes(40), "a Parquet file"),
    "Arrow": (b"ARROW1\0\0" + bytes(40), "an Arrow file"),
    "an Arrow stream": (b"\xff\xff\xff\xffx\0\0\0\x10\0\0\0\0\0\n\0", "an Arrow file"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(40), "a PNG picture"),
    "a PGM": (b"P5\n28 28\n255\n" + bytes(100), "one picture is not a data set"),
    "bytes": (b"\xff" * 100, "an unknown kind of file (it begins with ffffffff)"),
    "a damaged .npz file": (npz()[4:], "an unknown kind of file"),
}


@pytest.mark.parametrize("place", ["a.npz", "no suffix", "folder", "folder, packed"])
@pytest.mark.parametrize("kind", FOUND)
def test_the_kind_of_a_file_is_recognized(kind: str, place: str, tmp_path: Path) -> None:
    content, words = FOUND[kind]
    if place.startswith("folder"):
        lay(idx_file(x_train=gzip.compress(content) if "packed" in place else content), tmp_path)
        at = tmp_path / "mnist"
    else:
        at = tmp_path / place
        at.write_bytes(content)
    with pytest.raises(DataError) as error:
        load(at)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (header((6, 2, 2))[:9], "has 9 bytes: too short for an IDX file")],
)
def test_the_beginning_of_the_right_file_is_too_short(
    content: bytes, words: str, tmp_path: Path
) -> None:
    lay(idx_file(x_train=content), tmp_path)
    with pytest.raises(DataError, match=words):
        load(tmp_path / "mnist")

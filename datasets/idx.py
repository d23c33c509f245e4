"""IDX, the format of MNIST: a magic number, the sizes and the bytes, gzipped or not.

The layout, all numbers big-endian (Y. LeCun, "The MNIST database", file formats):
    2 zero bytes · 1 byte type (0x08: unsigned byte) · 1 byte number of dimensions d
    d sizes of 4 bytes · the values, last dimension fastest
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from datasets.files import CHUNK, LIMIT, Array, DataError, Unreadable, is_folder, opened, show
from datasets.signatures import START, idx_file, recognize, refused

FILES = {  # key: (name of the file, number of dimensions)
    "x_train": ("train-images-idx3-ubyte", 3),
    "y_train": ("train-labels-idx1-ubyte", 1),
    "x_test": ("t10k-images-idx3-ubyte", 3),
    "y_test": ("t10k-labels-idx1-ubyte", 1),
}
# Similar names, such as EMNIST's or those of a second download.
SIMILAR = re.compile(r"(train|test|t10k).*(images|labels).*idx[13]")
MOST = 1000  # folders that are searched for the four files


def find(folder: Path) -> dict[str, Path]:
    """The IDX files that a folder has, up to four: {"x_train": path, …}.

    Names are as in MNIST, plain before gzipped, `train-images.idx3-ubyte` as well as `-idx3-`; and
    a file may be in a folder of such a name, as some archives and unpacking programs leave it.
    """
    paths: dict[str, Path] = {}
    for key, (name, _) in FILES.items():
        names = [s + ending for s in (name, name.replace("-idx", ".idx")) for ending in ("", ".gz")]
        places = [Path(one) for one in names] + [Path(one, two) for one in names for two in names]
        for path in (folder / place for place in places):
            if os.path.lexists(path) and not is_folder(path):
                paths.setdefault(key, path)
    return paths


def read_folder(folder: Path) -> dict[str, Array]:
    """Read the four IDX files of a folder.

    Returns x_train, x_test (n, h, w) and y_train, y_test (n,), all uint8. Raises DataError if a
    file is missing, or is not an IDX file of the right kind.
    """
    paths = find(folder)
    for key, (name, _) in FILES.items():
        if key not in paths:
            raise DataError(
                f"{show(folder)} has no {name} (or {name}.gz): {_instead(folder)}expected the four "
                f"files of a data set like MNIST, {', '.join(name for name, _ in FILES.values())}"
            )
    return {key: read(paths[key], ndim) for key, (_, ndim) in FILES.items()}


def read(path: Path, ndim: int) -> Array:
    """Read one IDX file of unsigned bytes, gzipped or not.

    Returns uint8 with `ndim` dimensions, none of them empty. Raises DataError for a wrong magic
    number, sizes that do not fit the file, trailing bytes, or damaged gzip data.
    """
    start = 4 + 4 * ndim
    data = bytearray()
    shape: tuple[int, ...] = ()
    with opened(path) as file:
        for piece in _pieces(path, file):
            data += piece
            if not shape and len(data) >= start:
                shape = _shape(path, bytes(data[:START]), ndim)
            if shape and len(data) > start + math.prod(shape):
                raise DataError(f"{show(path)} goes on after its {shape} values: is it damaged?")
    if not shape:
        if data:
            _check_start(path, bytes(data[:START]), ndim)
        raise DataError(f"{show(path)} has {len(data)} bytes: too short for an IDX file")
    if len(data) < start + math.prod(shape):
        raise DataError(
            f"{show(path)} ends early: its header claims {shape}, which is {math.prod(shape)} "
            f"values, and {len(data) - start} are there; fetch the file again"
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def file_sha256(array: Array) -> str:
    """The sha256 of the unpacked IDX file of an array; array: uint8, any shape."""
    sha = hashlib.sha256(header(array.shape))
    sha.update(np.ascontiguousarray(array).data)
    return sha.hexdigest()


def header(shape: tuple[int, ...]) -> bytes:
    """The first bytes of an IDX file of unsigned bytes with this shape."""
    return _magic(len(shape)) + b"".join(n.to_bytes(4, "big") for n in shape)


def _magic(ndim: int) -> bytes:
    return bytes([0, 0, 8, ndim])


def _instead(folder: Path) -> str:
    """For a folder without the four files: a hint at files in it that may have been meant."""
    for here, _, _ in islice(os.walk(folder), MOST):
        if len(find(Path(here))) == len(FILES):
            return f"they are in {show(here)}, name that folder; "
    ours = find(folder).values()
    for path in sorted(path for path in folder.glob("*") if path not in ours and path.is_file()):
        if SIMILAR.search(path.name):
            return f"{show(path.name)} has another name, rename the four of one set; "
        if path.suffix == ".npz":
            return f"it holds {show(path.name)}, name that file; "
        with suppress(Unreadable), opened(path) as file:
            kind, remedy = recognize(file.read(START))
            return f"it holds {show(path.name)}, {kind}: {remedy}; "
    return ""


def _check_start(path: Path, start: bytes, ndim: int) -> None:
    """Raise DataError, which names the kind of file, unless it begins as an IDX file should."""
    magic = _magic(ndim)
    if start[:4] != magic:
        expected = idx_file(magic)
        if actual := idx_file(start):
            raise DataError(f"{show(path)} is {actual}, and not {expected}: are two files swapped?")
        raise refused(path, start, expected)


def _shape(path: Path, start: bytes, ndim: int) -> tuple[int, ...]:
    _check_start(path, start, ndim)
    shape = tuple(np.frombuffer(start, ">u4", ndim, offset=4).tolist())
    if math.prod(shape) > LIMIT:
        raise DataError(f"{show(path)} claims {shape}: more than the {LIMIT} bytes allowed here")
    if 0 in shape:
        raise DataError(f"{show(path)} is empty: its header says {shape}; expected some values")
    return shape


def _pieces(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """The content in pieces of at most CHUNK bytes, unpacked if it begins like gzip data.

    With zlib and not the gzip module, which reads a hostile header byte by byte.
    """
    packed = file.read(CHUNK)
    if packed[:2] != b"\x1f\x8b":
        yield packed
        yield from iter(partial(file.read, CHUNK), b"")
        return
    unzip = zlib.decompressobj(wbits=31)  # 31: a gzip header, and the checksum at the end
    try:
        while not unzip.eof:
            if not packed:
                raise DataError(f"{show(path)} ends early, in its gzip data; fetch it again")
            yield unzip.decompress(packed, CHUNK)
            packed = unzip.unconsumed_tail or file.read(CHUNK)
    except zlib.error as error:
        raise DataError(f"{show(path)} is damaged gzip data ({error}); fetch it again") from error
    if unzip.unused_data or packed:
        raise DataError(f"{show(path)} goes on after the end of its gzip data: is it damaged?")

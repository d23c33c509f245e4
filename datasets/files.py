"""Reading files we did not write: whatever they claim, time and memory stay bounded.

Both readers (idx.py, npz.py) follow the same two rules. A size that a file *claims* is compared
with `LIMIT` before anything is allocated; and bytes are taken in pieces of at most `CHUNK`, so
that memory grows with what is really there and never with the claim.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LIMIT = 1 << 30  # bytes that one array may unpack to: twice the 70,000 images as float64
CHUNK = 1 << 20  # bytes taken at a time


class DataError(ValueError):
    """Every failure of this package; the message is one line for a person to read."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


def show(value: object) -> str:
    """A name or value as it may stand in a message: quoted, on one line, never endless."""
    text = repr(os.fspath(value) if isinstance(value, os.PathLike) else value)
    return text if len(text) <= 200 else f"{text[:120]}…{text[-70:]}"


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a file for reading bytes.

    Raises DataError where it is not a regular file (a folder, or a device or pipe whose reading
    might never end), and where the system refuses to find, open or read it.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # stat follows links
            raise DataError(f"{show(path)} is not a regular file; expected a data file")
        with path.open("rb") as file:
            yield file
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(f"{show(path)} cannot be read ({reason}); check path and rights") from error


def expanded(name: str | PurePath) -> Path:
    """A path with its `~` replaced, if there is a home to replace it by."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; Path.is_dir, but False for whatever cannot be looked at."""
    try:
        return path.is_dir()
    except OSError:
        return False


def sha256(array: Array) -> str:
    """The sha256 of an array's values: its bytes in C order, little-endian, in hexadecimal."""
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return hashlib.sha256(plain.data).hexdigest()


def digest(arrays: Mapping[str, Array]) -> str:
    """One sha256 over named arrays: each one's name, dtype, shape and values, in their order."""
    lines = [f"{key} {a.dtype.name} {a.shape} {sha256(a)}\n" for key, a in arrays.items()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()

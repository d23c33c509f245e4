"""Reading untrusted files in bounded time and memory.

Only regular files of sane size are opened, here and in every other part of the kit (`opened`,
`content`). Both readers of data (idx.py, npz.py) follow two more rules. A size that a file *claims*
is compared with `LIMIT` before anything is allocated; and bytes are read in pieces of at most
`CHUNK`, so that memory grows with the actual data and never with the claim.
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
LARGEST = 4 * LIMIT  # bytes of a file: a data set has four arrays
CHUNK = 1 << 20  # bytes read at a time

# O_NONBLOCK opens a pipe at once, without waiting for a writer; O_NOCTTY keeps a terminal from
# becoming the controlling one. Windows lacks these flags and does not need them.
AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


class DataError(ValueError):
    """The error of this package; its message is one line for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


def show(value: object) -> str:
    """A name or value for a message: quoted, on one line, of limited length."""
    text = repr(os.fspath(value) if isinstance(value, os.PathLike) else value)
    return text if len(text) <= 200 else f"{text[:120]}…{text[-70:]}"


class Unreadable(DataError):
    """A path is not a readable regular file of sane size."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{show(path)} {reason}: {remedy}")
        self.reason = reason


@contextmanager
def opened(path: Path, largest: int = LARGEST, *, follow: bool = True) -> Iterator[BufferedReader]:
    """Open a regular file for reading bytes, without ever blocking.

    largest: its largest size in bytes. follow: whether links are followed. Raises Unreadable if it
    is something else (a folder, a pipe, a device whose reading might never end), is empty or too
    large, or cannot be found, opened or read.
    """
    try:
        _check(path, path.stat(follow_symlinks=follow), largest)  # opening a device may act
        flags = AT_ONCE if follow else AT_ONCE | NO_LINK
        with open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as file:
            _check(path, os.fstat(file.fileno()), largest)  # the path may have changed since
            yield file
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if isinstance(error, FileNotFoundError) and os.path.islink(path):  # noqa: PTH114
            reason = "a broken link"
        problem = f"cannot be read ({reason})"
        raise Unreadable(path, problem, "check path and permissions") from error


def content(path: Path, largest: int, *, follow: bool = True) -> bytes:
    """All bytes of a regular file. Raises Unreadable as `opened` does."""
    with opened(path, largest, follow=follow) as file:
        return file.read(largest)


def _check(path: Path, status: os.stat_result, largest: int) -> None:
    kind = KINDS.get(stat.S_IFMT(status.st_mode))
    if kind:
        raise Unreadable(path, f"is {kind}, not a regular file", "put a file there or name another")
    if not status.st_size:
        raise Unreadable(path, "is empty, with 0 bytes", "write or copy the file again")
    if status.st_size > largest:
        reason = f"has {status.st_size:,} bytes, and at most {largest:,} are read"
        raise Unreadable(path, reason, "check that it is the right file")


def expanded(name: str | PurePath) -> Path:
    """A path with its `~` replaced by the home folder, if there is one."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; as Path.is_dir, but False for every error."""
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


def contents(place: Path, names: tuple[str, ...] | None = None) -> dict[str, str]:
    """The sha256 of a file, or of each file in a folder, by name.

    names: only these files; Unreadable is raised if one is not a regular file of sane size. Without
    names such files are left out.
    """
    digests = {}
    for file in sorted(place.iterdir()) if place.is_dir() else [place]:
        if names is None or file.name in names:
            try:
                digests[file.name] = _sha256_of(file)
            except Unreadable:
                if names is not None:
                    raise
    return digests


def _sha256_of(file: Path) -> str:
    with opened(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

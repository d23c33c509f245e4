"""Files that are written whole or not at all: who reads one meanwhile sees the old one.

The bytes go into a file beside it, which is flushed to the disk and takes the name by a rename;
then the folder is flushed, for the name is in there. What a process leaves behind that is killed
half-way begins with UNFINISHED, and nobody takes it for anything else.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from course.settings import ROOT
from datasets.files import Unreadable, opened

UNFINISHED = ".unfinished-"


def write_whole(file: Path, content: bytes) -> Path:
    """Give a file this content, or leave it as it was; its folder is made if need be.

    Raises OSError where the disk does not take it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_dir() and not file.is_symlink():  # which the rename would say of a name of ours
        raise IsADirectoryError(errno.EISDIR, "a folder has this name: move it away", str(file))
    beside = file.parent / f"{UNFINISHED}{secrets.token_hex(8)}"
    # Opened by its rights and not by `tempfile`: the system takes the umask from them, which
    # cannot be asked for without being changed, for all threads, in between.
    number = os.open(
        beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    flush_folder(file.parent)
    return file


def as_named(file: Path) -> str:
    """A file as a person at the kit's root names it: in full only where it lies outside."""
    whole = Path(os.path.abspath(file))  # noqa: PTH100 - a link keeps the name it was given
    return whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) else str(whole)


def sha256(content: bytes) -> str:
    """The sha256 of some bytes, as a card says it."""
    return hashlib.sha256(content).hexdigest()


def contents(place: Path, names: tuple[str, ...] | None = None) -> dict[str, str]:
    """The sha256 of a file, or of each file in a folder: of all, or of those of these names.

    What is no regular file of sane size is left out. Raises Unreadable where it has such a name.
    """
    found = {}
    for file in sorted(place.iterdir()) if place.is_dir() else [place]:
        if names is None or file.name in names:
            try:
                found[file.name] = _sha256_of(file)
            except Unreadable:
                if names is not None:
                    raise
    return found


def _sha256_of(file: Path) -> str:
    with opened(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def flush(file: Path) -> None:
    """Have the disk hold what a file holds."""
    number = os.open(file, os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def flush_folder(folder: Path) -> None:
    """Make names last: on POSIX they are in the folder, which has to be flushed itself."""
    if os.name != "posix":  # Windows writes names through, and opens no folder
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

"""Atomic writing of files: a reader sees the old content or the new, never a part.

The bytes go into a temporary file beside the target, which is flushed to the disk and renamed to
the target; then the folder, which holds the name, is flushed. A process that is killed half-way
leaves a file whose name begins with UNFINISHED, which readers ignore.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

UNFINISHED = ".unfinished-"


def write_whole(file: Path, content: bytes) -> Path:
    """Write content to a file atomically, creating its folder if need be; return the file.

    Raises OSError if the disk refuses; the file is then unchanged.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_dir() and not file.is_symlink():  # the rename would name the temporary file
        raise IsADirectoryError(errno.EISDIR, "a folder has this name: move it away", str(file))
    temporary = file.parent / f"{UNFINISHED}{secrets.token_hex(8)}"
    # `os.open` with mode 0o666, to which the system applies the umask. `tempfile` ignores it, and
    # reading the umask would change it for a moment, for all threads.
    number = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    flush_folder(file.parent)
    return file


def flush(file: Path) -> None:
    """Flush a file's content to the disk."""
    number = os.open(file, os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def flush_folder(folder: Path) -> None:
    """Flush a folder, and with it the names of its files, to the disk."""
    if os.name != "posix":  # Windows writes names through, and cannot open a folder
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

"""A lock that one process holds at a time, and that the system releases when the process ends.

The operating system locks a file. After a process was killed only the file is left, and the file
alone means nothing. Its text names the holder, for error messages.
"""

from __future__ import annotations

import errno
import os
import platform
import stat
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# O_NONBLOCK: opening a named pipe in place of the file would block for ever.
HOW = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
BUSY = (errno.EACCES, errno.EAGAIN)
OFFSET = 2**30  # the byte that Windows locks: it cannot be read then, so it is far after the text


class Taken(Exception):
    """Another process holds the lock; the message names it."""


class Lock:
    """A lock, held from the moment the object exists."""

    def __init__(self, file: Path) -> None:
        """Acquire it without waiting. Raises Taken, or OSError if files cannot be locked here."""
        self.file = file
        while True:
            self._number = os.open(file, HOW, 0o666)
            try:
                if not stat.S_ISREG(os.fstat(self._number).st_mode):
                    raise OSError(errno.EINVAL, "no regular file", str(file))
                _lock(self._number)
            except OSError as error:
                busy = error.errno in BUSY
                holder = os.read(self._number, 200).decode(errors="replace").strip() if busy else ""
                os.close(self._number)
                if busy:
                    raise Taken(holder or "another process") from None
                raise
            if self._is_the_file():
                break
            os.close(self._number)  # another process released it and removed the file meanwhile
        with suppress(OSError):  # on a full disk the lock works without its text
            os.ftruncate(self._number, 0)
            os.write(self._number, f"process {os.getpid()} on {platform.node()}\n".encode())

    def release(self) -> None:
        """Release it, and remove its file."""
        if sys.platform == "win32":  # an open file cannot be removed
            os.close(self._number)
        with suppress(OSError):
            self.file.unlink()
        if sys.platform != "win32":
            os.close(self._number)

    def _is_the_file(self) -> bool:
        with suppress(OSError):
            return os.path.samestat(os.fstat(self._number), self.file.stat())
        return False


def _lock(number: int) -> None:
    if sys.platform == "win32":
        os.lseek(number, OFFSET, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        os.lseek(number, 0, os.SEEK_SET)
    else:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""A lock on a name that one process holds at a time, and the system takes back when it is gone.

It is a lock of the operating system on a file, so none is left over from a process that was killed:
only the file is, which means nothing by itself. Who holds it stands in it, for a person to read.
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

# Without waiting: a pipe in the file's place would let nobody go.
HOW = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
BUSY = (errno.EACCES, errno.EAGAIN)
FAR = 2**30  # the byte that Windows locks, which nobody can read meanwhile: far behind the text


class Taken(Exception):
    """Another one holds the lock; the message says which process."""


class Lock:
    """Held from the moment it is made."""

    def __init__(self, file: Path) -> None:
        """Take it. Raises Taken at once where it is held, OSError where files cannot be locked."""
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
            os.close(self._number)  # it was let go of, and its file removed, as we opened it
        with suppress(OSError):  # a full disk still locks
            os.ftruncate(self._number, 0)
            os.write(self._number, f"process {os.getpid()} on {platform.node()}\n".encode())

    def release(self) -> None:
        """Let go of it, and remove its file."""
        if sys.platform == "win32":  # removes no file that is open
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
        os.lseek(number, FAR, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        os.lseek(number, 0, os.SEEK_SET)
    else:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)

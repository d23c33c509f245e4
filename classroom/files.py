"""Files that are written whole or not at all: who reads one meanwhile sees the old one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(file: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file, and its folder if need be. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding=encoding, newline="") as beside:
            beside.write(text)
            beside.flush()
            os.fsync(beside.fileno())
        if os.name == "posix":
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)  # as any file; mkstemp's are for oneself
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise

"""What took long to make, by the digest of everything that it depends on.

An entry is written whole or not at all, begins with the digest of its content, and is ignored where
the two do not fit. So a crash, a full disk or two builds at once cost time and no page. The newest
few of each kind stay. `make site FRESH=yes` removes all.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from adapters.environment import cache_folder
from course.digests import digest, digest_of
from datasets.atomic_files import write_whole

DIGITS = 20  # of the digest in a file's name
MOST = 3  # entries of one kind: with other code, or fewer epochs
SUFFIX = ".sealed"


def folder() -> Path:
    """The folder of the entries."""
    return cache_folder() / "site"


def entry(kind: str, depends_on: object) -> Path:
    """The file for a result. kind: such as `3-torch-en`; depends_on: a JSON value."""
    return folder() / f"{kind}-{digest_of(depends_on)[:DIGITS]}{SUFFIX}"


def load(file: Path) -> bytes | None:
    """The content of an entry; None where there is none, or a damaged one."""
    try:
        seal, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if seal == digest([content]).encode() else None


def store(file: Path, content: bytes) -> None:
    """Write an entry, and remove the oldest of its kind."""
    write_whole(file, digest([content]).encode() + b"\n" + content)
    kind = file.name[: -len(SUFFIX) - DIGITS]
    same = sorted(file.parent.glob(f"{kind}{'?' * DIGITS}{SUFFIX}"), key=_age)
    for old in same[MOST:]:
        old.unlink(missing_ok=True)


def clear() -> None:
    """Remove all entries, also those of earlier releases."""
    shutil.rmtree(folder(), ignore_errors=True)


def _age(file: Path) -> float:
    """A key that sorts the newest file first; another build may have removed it just now."""
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0

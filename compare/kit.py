"""Which kit this is: the digest of its code, and the versions of what it stands on.

Two machines, or two days, with the same kit compute the same. Standard library only: a worker of a
cluster asks this before every cell.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Whose text decides what a cell computes, and how it gets to a worker and back.
ROOMS = ("adapters", "compare/cluster", "compare/plants", "course", "datasets")


def code() -> str:
    """The digest of all code that decides what a cell computes; line ends do not count."""
    total = hashlib.sha256()
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    files += ROOT.glob("lessons/*.py")  # not the exercises
    for file in sorted(filter(Path.is_file, files)):  # an editor leaves links to nowhere
        total.update(f"{file.relative_to(ROOT).as_posix()}\n".encode())
        total.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()[:16]


def kit(packages: Iterable[str]) -> dict[str, str]:
    """This kit as it is here: its code, Python, and each of these packages."""
    found = {"code": code(), "python": platform.python_version()}
    for package in sorted(packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """The first thing in which two kits differ, in words; empty if there is none."""
    for name, here in ours.items():
        there = theirs.get(name, "none")
        if here != there:
            return f"{name} {there}, and here it is {here}"
    return ""

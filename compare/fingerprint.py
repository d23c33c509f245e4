"""The fingerprint of this checkout: a digest of its code, and the versions of its packages.

Two machines, or two days, with the same fingerprint compute the same numbers. Standard library only: a worker of a
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
FOLDERS = ("adapters", "compare/cluster", "injections", "course", "datasets")


def code() -> str:
    """The digest of all code that decides what a cell computes; line ends do not count."""
    total = hashlib.sha256()
    files = [path for room in FOLDERS for path in (ROOT / room).rglob("*.py")]
    files += ROOT.glob("lessons/*.py")  # not the exercises
    for file in sorted(filter(Path.is_file, files)):  # an editor leaves links to nowhere
        total.update(f"{file.relative_to(ROOT).as_posix()}\n".encode())
        total.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()[:16]


def installed(packages: Iterable[str]) -> dict[str, str]:
    """The fingerprint of this machine: code, Python, and each of these packages."""
    found = {"code": code(), "python": platform.python_version()}
    for package in sorted(packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """The first entry in which two fingerprints differ, in words; empty if there is none."""
    for name, here in ours.items():
        there = theirs.get(name, "none")
        if here != there:
            return f"{name} {there}, and here it is {here}"
    return ""

"""The fingerprint of this checkout: a digest of its code, and the versions of its packages.

Two checkouts with the same fingerprint compute the same numbers, whatever the machine or the day.
Standard library only: a worker of a cluster computes it before every task.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Their source decides what a task computes, and how it reaches a worker and comes back.
FOLDERS = ("adapters", "compare/cluster", "injections", "course", "datasets")


def code() -> str:
    """The digest of all code that decides what a task computes; line endings do not count."""
    total = hashlib.sha256()
    files = [path for room in FOLDERS for path in (ROOT / room).rglob("*.py")]
    files += ROOT.glob("lessons/*.py")  # not the exercises
    for file in sorted(filter(Path.is_file, files)):  # editors leave dangling links
        total.update(f"{file.relative_to(ROOT).as_posix()}\n".encode())
        total.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()[:16]


def installed(packages: Iterable[str]) -> dict[str, str]:
    """The fingerprint of this machine: code, Python, and each of these packages."""
    versions = {"code": code(), "python": platform.python_version()}
    for package in sorted(packages):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "none"
    return versions


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """The first entry in which two fingerprints differ, as text; empty if they are equal."""
    for name, here in ours.items():
        there = theirs.get(name, "none")
        if here != there:
            return f"{name} {there}, and here it is {here}"
    return ""

"""The fingerprint of this checkout: a digest of its code, and the versions of its packages.

Two checkouts with the same fingerprint compute the same numbers, whatever the machine or the day.
Standard library only: a worker of a cluster computes it before every task.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from course.digests import LESSON_CODE, digest_of, digests_of_files

TRANSPORT = ("compare/cluster/*.py",)  # how a task reaches a worker and its record comes back


def code() -> str:
    """The digest of all code that decides what a task computes."""
    return digest_of(digests_of_files(*LESSON_CODE, *TRANSPORT))[:16]


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

"""Which releases of a package there are: the newest patch of each minor release since a month.

pip's index names the versions that install on this Python and machine; PyPI's JSON gives their
days. Where the latter cannot be reached, the versions have to be named, and have no days.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

from adapters.contract import SettingsError, require
from compare.drift.environments import known_versions
from compare.drift.requirements import public
from course.downloads import PYPI
from triptych.ledger.rows import order

RELEASE = re.compile(r"\d+(\.\d+)+")  # no release candidates, no builds
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])(-[0-3]\d)?")
SECONDS = 30  # to wait for the index
Dates = Mapping[str, str]


@dataclass(frozen=True)
class Release:
    """A version of a package, and the day on which it appeared, such as 2025-04-02."""

    version: str
    released: str = ""


def dates_of(package: str) -> dict[str, str]:
    """The day of each version's first file; empty if the index cannot be reached."""
    address = f"{PYPI.removesuffix('/simple')}/pypi/{package}/json"
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            releases = json.load(answer)["releases"]
        return {
            version: min(file["upload_time"] for file in files)[:10]
            for version, files in releases.items()
            if files
        }
    except (URLError, OSError, ValueError, KeyError, TypeError):
        return {}


def minors_since(
    package: str,
    since: str,
    known: Callable[[str], Iterable[str]] = known_versions,
    dates: Callable[[str], Dates] = dates_of,
) -> list[Release]:
    """The newest patch of each minor release that appeared in or after a month, the oldest first.

    Raises SettingsError if the index cannot be asked for versions or days.
    """
    days, versions = dates(package), set(map(public, known(package)))
    named = 'name them, as in VERSIONS="3.1.1 3.2.1"'
    require(bool(versions), f"pip's index cannot be asked for versions of {package}: {named}")
    require(bool(days), f"the index cannot be asked for the days of {package}: {named}")
    newest: dict[tuple[int, ...], str] = {}
    for version in sorted(filter(RELEASE.fullmatch, versions), key=order):
        newest[order(version)[:2]] = version
    return [Release(v, days[v]) for v in newest.values() if days.get(v, "") >= since]


def named(
    package: str, versions: Iterable[str], dates: Callable[[str], Dates] = dates_of
) -> list[Release]:
    """The releases of these versions, the oldest first. Raises SettingsError for a wrong name."""
    for version in versions:
        require(
            RELEASE.fullmatch(version) is not None,
            f"{version!r} is not a release: expected one such as 3.12.0",
            SettingsError,
        )
    days = dates(package)
    return [Release(v, days.get(v, "")) for v in sorted(set(versions), key=order)]

"""Rows of the ledger: one JSON file for a release, with a digest of its own content.

The digest covers everything but the times, so that a row made twice is the same file but for them,
and a row that was edited by hand is noticed when it is read.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from triptych.errors import TriptychError, require

FORMAT = 1
HERE = Path(__file__).parent
# In a checkout the rows are among its reports, in an installed package beside this one.
FOLDERS = (HERE.parents[1] / "docs" / "reports" / "ledger", HERE.parent / "data" / "ledger")
NAME = re.compile(r"([a-z]+(?:-[a-z]+)?)-(\d[\w.]*)\.json")
DIGEST = "digest"
NOT_FINITE = "number"  # JSON has no nan and inf: {"number": "nan"}
OUTSIDE = (DIGEST, "seconds")  # what the digest does not cover


class LedgerError(TriptychError):
    """A row is missing, damaged, or cannot be compared."""


@dataclass(frozen=True)
class Row:
    """What one release computes.

    lessons: by number and dtype, {"status", "reason", "stages": {stage: {"bits", "gap", "share"}}};
    share: of the budget for the gap to NumPy. catalogue: by entry, {"code", "default", "matched"},
    or "missing" or "broken" with the reason, and "reasons" of what raised.
    """

    backend: str
    package: str
    version: str
    released: str  # the day, such as 2025-04-02; empty if the index could not be asked
    python: str
    processor: str
    code: str  # the digest of the lessons' code that made it
    companions: dict[str, str] = field(default_factory=dict)  # the other packages, by name
    refused: str = ""  # why the adapter cannot be imported
    unobserved: str = ""  # why the catalogue cannot be observed
    lessons: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    catalogue: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Such as keras 3.9.2."""
        return f"{self.backend} {self.version}"

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.backend}-{self.version}.json"

    @property
    def ran(self) -> bool:
        """Whether the adapter could be imported."""
        return not self.refused

    def text(self) -> str:
        """The file's text: sorted keys, a line for each entry, and the digest of the content."""
        content = to_json(asdict(self) | {"format": FORMAT})
        sealed = content | {DIGEST: digest_of(content)}
        lines = [f" {_line(key)}: {_lines(sealed[key])}" for key in sorted(sealed)]
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(value: Any) -> str:
    """A value as JSON, a dictionary with a line for each key."""
    if not isinstance(value, dict) or not value:
        return _line(value)
    inner = [f"  {_line(key)}: {_line(value[key])}" for key in sorted(value)]
    return "{\n" + ",\n".join(inner) + "\n }"


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)


def digest_of(content: Mapping[str, Any]) -> str:
    """The sha256 of a row's content, without its times."""
    covered = {key: value for key, value in content.items() if key not in OUTSIDE}
    return digest(json.dumps(covered, sort_keys=True))


def digest(text: str) -> str:
    """The sha256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(file: Path) -> Row:
    """Read a row. Raises LedgerError if it is not one, or has changed since it was written."""
    again = f"`make ledger` makes it again with FRESH=yes, or remove {file.name}"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        number, seal = content["format"], content[DIGEST]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise LedgerError(f"{file.name} is not a row of the ledger: {again}") from None
    require(
        number == FORMAT,
        f"{file.name} has format {number!r}: this version reads {FORMAT}; {again}",
        LedgerError,
    )
    require(
        seal == digest_of(content),
        f"{file.name} has changed since it was written: {again}",
        LedgerError,
    )
    known = {one.name for one in fields(Row)}
    try:
        return Row(**from_json({key: v for key, v in content.items() if key in known}))
    except TypeError:
        raise LedgerError(f"{file.name} lacks a part of a row: {again}") from None


def folder() -> Path:
    """The folder of the rows that belong to this package."""
    return next((place for place in FOLDERS if place.is_dir()), FOLDERS[0])


def read_all(home: Path, backend: str = "") -> list[Row]:
    """The rows of a folder, of one backend or of all, the oldest version first."""
    rows = [
        read(file)
        for file in sorted(home.glob("*.json"))
        if (match := NAME.fullmatch(file.name)) and backend in ("", match[1])
    ]
    return sorted(rows, key=lambda row: (row.backend, order(row.version)))


def by_backend(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each backend."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.backend, []).append(row)
    return groups


def order(version: str) -> tuple[int, ...]:
    """The numbers of a version, by which versions are sorted."""
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0])))


def to_json(value: Any) -> Any:
    """A value with its numbers that are not finite as JSON can have them."""
    if isinstance(value, dict):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {NOT_FINITE: str(value)}
    return value


def from_json(value: Any) -> Any:
    """The value that `to_json` was given, with lists for tuples."""
    if isinstance(value, dict):
        if value.keys() == {NOT_FINITE}:
            return float(value[NOT_FINITE])
        return {key: from_json(each) for key, each in value.items()}
    return [from_json(each) for each in value] if isinstance(value, list) else value

"""Causes of changes: a small file written by hand, causes.toml beside the rows.

Each [[cause]] names a backend, the release that brought the change (`version`), and `what` changed:
quantities as in the ledger, in which * stands for anything. `cause` is a sentence; `link` leads to
the release note or the source; `verified` says where somebody has looked it up.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from triptych.errors import require
from triptych.ledger.rows import LedgerError

FILE = "causes.toml"


@dataclass(frozen=True)
class Cause:
    """Why a release changed a number."""

    cause: str
    link: str = ""
    verified: str = ""
    backend: str = ""
    version: str = ""
    what: tuple[str, ...] = ()

    def fits(self, backend: str, version: str, key: str) -> bool:
        """Whether it is the cause of what a release did to a quantity."""
        return (backend, version) == (self.backend, self.version) and any(
            fnmatchcase(key, pattern) for pattern in self.what
        )

    def __str__(self) -> str:
        text = self.cause.rstrip(".")
        text += f" (verified: {self.verified})" if self.verified else ""
        return f"{text}; {self.link}" if self.link else text


UNKNOWN = Cause("unknown")
TEXTS = [one.name for one in fields(Cause) if one.name != "what"]


def read_causes(home: Path) -> list[Cause]:
    """The causes of a folder of rows. Raises LedgerError, with the number of the wrong one."""
    file = home / FILE
    if not file.is_file():
        return []
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("cause", [])
    except (OSError, ValueError) as error:
        raise LedgerError(f"{FILE} cannot be read: {error}") from None
    return [_cause(number, table) for number, table in enumerate(tables, 1)]


def _cause(number: int, table: Any) -> Cause:
    what = table.get("what") if isinstance(table, dict) else None
    texts = {key: table[key] for key in TEXTS if key in table} if isinstance(table, dict) else {}
    require(
        isinstance(what, list)
        and all(isinstance(text, str) for text in (*what, *texts.values()))
        and {"backend", "version", "cause"} <= texts.keys()
        and set(table) <= {*TEXTS, "what"},
        f"cause {number} of {FILE} is wrong: expected texts backend, version, cause, a list what, "
        "and perhaps link and verified",
        LedgerError,
    )
    return Cause(**texts, what=tuple(what or ()))

"""The catalogue's values as a row has them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from triptych.backends import framework_of
from triptych.differences.processes import observe_all
from triptych.differences.reading import read_all
from triptych.ledger.rows import digest

SHORT = 16  # hexadecimal digits of a snippet's digest


def observe(backend: str, python: Path = Path(sys.executable)) -> dict[str, dict[str, Any]]:
    """By entry: what it returned, the digest of its snippet, and the reasons of what cannot run.

    To raise is what some entries do by default; that is a value, and has no reason. Raises
    ObservationError if the framework cannot be run.
    """
    observed = observe_all([backend], python=python)[backend]
    entries = {entry.name: entry for entry in read_all()}
    values = {}
    for name, result in observed.items():
        entry = entries[name]
        plain = {key: value for key, value in result.items() if key != "reasons"}
        reasons = dict(result.get("reasons", {}))
        if isinstance(entry.expected(backend), dict):
            reasons.pop("default", None)
        plain["code"] = digest(entry.snippets[framework_of(backend)].text)[:SHORT]
        values[name] = plain | ({"reasons": reasons} if reasons else {})
    return values

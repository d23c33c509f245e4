"""The catalogue is true: every engine does what every entry says, today and here."""

from __future__ import annotations

from typing import Any

import pytest

from adapters import ENGINES
from compare.differences.entry import Entry, read_all
from compare.differences.judge import judge
from compare.differences.running import installed

ENTRIES = read_all()  # each is checked as it is read: see test_entries.py


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_as_the_engines_are(entry: Entry, observed: dict[str, dict[str, Any]]) -> None:
    ran = [engine for engine in entry.engines if entry.name in observed.get(engine, {})]
    assert ran == installed(entry.engines)
    findings = judge([entry], observed)
    assert not findings, "\n".join(map(str, findings))


def test_every_engine_was_asked(observed: dict[str, dict[str, Any]]) -> None:
    assert list(observed) == installed(list(ENGINES))

"""Every entry about a layer, a loss or an optimizer is named by a cause, or says why not."""

import re
from pathlib import Path

from triptych.differences.reading import read_all
from triptych.port.entries import REASONS, TOPICS

FOLDER = Path(__file__).resolve().parents[2] / "triptych" / "port"
WORD = re.compile(r'"(\w+)"')


def named(known):
    """The entries that the code of the causes names."""
    return {
        match[1]
        for file in FOLDER.rglob("*.py")
        if file.name != "entries.py"
        for match in WORD.finditer(file.read_text(encoding="utf-8"))
        if match[1] in known and "_" in match[1]
    }


def test_each_entry_is_named_or_says_why_not():
    known = {entry.name: entry for entry in read_all()}
    excused = {name for names in REASONS.values() for name in names}
    assert excused <= set(known)
    about = {name for name, entry in known.items() if entry.topic in TOPICS}
    by_a_cause = named(known)
    assert sorted(about - by_a_cause - excused) == []


def test_what_a_cause_calls_an_entry_is_one():
    known = {entry.name for entry in read_all()}
    stated = {
        match[1]
        for file in FOLDER.rglob("*.py")
        for match in re.finditer(r'entry="(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert len(stated) > 15
    assert stated <= known
    assert not stated & {name for names in REASONS.values() for name in names}

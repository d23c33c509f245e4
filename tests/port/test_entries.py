"""Every entry of the catalogue that a cause names is there."""

import re
from pathlib import Path

from triptych.differences.reading import read_all

FOLDER = Path(__file__).resolve().parents[2] / "triptych" / "port"
NAMED = re.compile(r'entry="(\w+)"|^    "\w+": "(\w+_\w+)",?', re.MULTILINE)


def test_named_entries_exist():
    known = {entry.name for entry in read_all()}
    named = {
        match[1]
        for file in FOLDER.rglob("*.py")
        for match in NAMED.finditer(file.read_text(encoding="utf-8"))
        if match[1]
    }
    assert len(named) > 8
    assert named <= known

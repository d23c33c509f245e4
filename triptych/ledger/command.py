"""The command `triptych ledger`: which numbers changed, in which release, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from triptych.arguments import Parser, UsageError
from triptych.backends import BACKENDS
from triptych.differences.entry import Entry
from triptych.differences.listing import console
from triptych.differences.reading import read_all as read_entries
from triptych.differences.search import ranked
from triptych.errors import require, unknown
from triptych.ledger import check, listing
from triptych.ledger.causes import read_causes
from triptych.ledger.changes import History, history
from triptych.ledger.rows import LedgerError, by_backend, folder, read_all

DESCRIPTION = """\
Which numbers a release of a framework changed, and why.

  triptych ledger                which releases were measured
  triptych ledger keras          one backend: releases across, stages and entries down
  triptych ledger keras adam     what it says about Adam, in every release
  triptych ledger keras 3.9.2    what one release changed
  triptych ledger check          the installed framework against its row
"""
CHECK = "check"


def main(arguments: Sequence[str]) -> int:
    """Run the command; `check` returns 1 for a change and 2 if there is nothing to compare."""
    parser = Parser("triptych ledger", DESCRIPTION)
    parser.add_argument("what", nargs="*", metavar="BACKEND | check", help="and words to look for")
    parser.add_argument("--backend", default="", help="of `check`; by default, all that have rows")
    parser.add_argument("--all", action="store_true", help="also what never changed")
    parser.add_argument("--rows", type=Path, default=folder(), help="the folder of the rows")
    options = parser.parse_args(arguments)
    require(options.rows.is_dir(), f"{str(options.rows)!r} is no folder of rows", UsageError)
    first, words = (options.what or [""])[0], options.what[1:]
    screen = console()
    if first == CHECK:
        require(not words, f"check takes no {' '.join(words)!r}", UsageError)
        return check.main(screen, options.rows, options.backend)
    if not first:
        rows = read_all(options.rows)
        require(bool(rows), "the ledger has no rows: `make ledger` makes them", LedgerError)
        listing.overview(screen, by_backend(rows))
        return 0
    require(first in BACKENDS, unknown("backend", first, [*BACKENDS, CHECK]), UsageError)
    entries = {entry.name: entry for entry in read_entries()}
    found = load(options.rows, first, entries)
    lines = select(found, words, entries)
    if of_release(found, words):
        found = replace(found, changes=[one for one in found.changes if one.row.version in words])
    listing.show(screen, found, lines, entries, options.all or bool(words))
    return 0


def load(home: Path, backend: str, entries: Mapping[str, Entry]) -> History:
    """The history of a backend. Raises LedgerError if it has no rows."""
    rows = read_all(home, backend)
    message = f"the ledger has no rows of {backend}: `make ledger BACKEND={backend}` makes them"
    require(bool(rows), message, LedgerError)
    return history(rows, entries, read_causes(home))


def select(
    found: History, words: Sequence[str], entries: Mapping[str, Entry]
) -> list[listing.Line]:
    """The lines that contain all words, or that a release of this version changed.

    If there are none, those of the entries that the search of the catalogue ranks first. Raises
    LedgerError if it finds none either.
    """
    lines = list(found.states)
    if of_release(found, words):
        place = [row.version for row in found.rows].index(words[0])
        return [line for line in lines if found.states[line][place] not in ("same", "first")]
    wanted = [word.lower() for word in words]
    matching = [line for line in lines if all(word in text(line, entries) for word in wanted)]
    if not matching:
        names = {entry.name for entry in ranked(list(entries.values()), " ".join(words))}
        matching = [line for line in lines if line[0] == "entry" and line[1] in names]
    query = " ".join(words)
    message = f"no line has anything like {query!r}: leave it out to see all"
    require(bool(matching), message, LedgerError)
    return matching


def of_release(found: History, words: Sequence[str]) -> bool:
    """Whether the words are the version of a release, and ask what it changed."""
    return len(words) == 1 and words[0] in [row.version for row in found.rows]


def text(line: listing.Line, entries: Mapping[str, Entry]) -> str:
    """What words are looked for in: the name of a line, and its entry's title and topic."""
    kind, key = line
    entry = entries.get(key) if kind == "entry" else None
    return f"{kind} {key} {entry.title if entry else ''} {entry.topic if entry else ''}".lower()

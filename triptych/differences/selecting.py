"""Which entries a command means: by name, by topic, by backend, and by words."""

from __future__ import annotations

from collections.abc import Sequence

from triptych.differences.entry import Entry, EntryError
from triptych.differences.search import ranked
from triptych.errors import require, unknown


def select(
    entries: list[Entry],
    names: Sequence[str] = (),
    find: str = "",
    topic: str = "",
    backend: str = "",
) -> list[Entry]:
    """The entries that match every condition; those found by words are ranked, the best first.

    names: of entries or topics, or else words to search for; find: words to search for. Raises
    EntryError if nothing matches, or a topic is unknown.
    """
    topics = sorted({entry.topic for entry in entries})
    require(topic in ("", *topics), unknown("topic", topic, topics), EntryError)
    here = [
        entry for entry in entries
        if topic in ("", entry.topic) and (not backend or backend in entry.backends)
    ]  # fmt: skip
    require(bool(here), "no entry matches all conditions", EntryError)
    if names:
        here = named(here, names)
    return searched(here, find) if find else here


def named(entries: list[Entry], names: Sequence[str]) -> list[Entry]:
    """The entries and topics of these names; if one is neither, what its words find."""
    found: dict[str, Entry] = {}
    others = []
    for name in names:
        exact = [e for e in entries if name in (e.name, e.topic, f"{e.topic}/{e.name}")]
        found |= {entry.name: entry for entry in exact}
        others += [] if exact else [name]
    if others:
        found |= {entry.name: entry for entry in searched(entries, " ".join(others))}
    return list(found.values())


def searched(entries: list[Entry], query: str) -> list[Entry]:
    """The entries that answer a query best. Raises EntryError if it has nothing to go by."""
    found = ranked(entries, query)
    message = f"no entry has anything like {query!r}: leave it out to list all entries"
    require(bool(found), message, EntryError)
    return found

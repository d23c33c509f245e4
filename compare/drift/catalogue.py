"""What another version changes of the catalogue: what backends do, and what remedies give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triptych.differences.entry import Entry
from triptych.differences.values import format_value, same

Observed = Mapping[str, Mapping[str, Any]]  # entry → default, matched, or why it is broken
Changed = dict[str, tuple[str, str]]
NOTHING = "(not there)"


def changed(entries: Sequence[Entry], ours: Observed, theirs: Observed) -> Changed:
    """The values that differ beyond their entry's tolerance, in words, by `entry.function`."""
    found = {}
    for entry in entries:
        old, new = ours.get(entry.name, {}), theirs.get(entry.name, {})
        for function, tolerance in (("default", entry.tolerance), ("matched", entry.round_off)):
            if function in old and not (
                function in new and same(old[function], new[function], tolerance)
            ):
                there = (
                    format_value(new[function]) if function in new else new.get("broken", NOTHING)
                )
                found[f"{entry.name}.{function}"] = (format_value(old[function]), there)
    return found


def names(found: Changed) -> list[str]:
    """The entries that changed, once each."""
    return list(dict.fromkeys(key.partition(".")[0] for key in found))

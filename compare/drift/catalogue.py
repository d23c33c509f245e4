"""Which values of the catalogue of differences another version changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triptych.differences.entry import Entry
from triptych.differences.values import format_value, same

Observed = Mapping[str, Mapping[str, Any]]  # by entry: default, matched, or why it is broken
Changed = dict[str, tuple[str, str]]
NOTHING = "(not there)"


def changed(entries: Sequence[Entry], ours: Observed, theirs: Observed) -> Changed:
    """The values that differ beyond their entry's tolerance, as text, by `entry.function`."""
    changes = {}
    for entry in entries:
        old, new = ours.get(entry.name, {}), theirs.get(entry.name, {})
        for function, tolerance in (("default", entry.tolerance), ("matched", entry.round_off)):
            if function in old and not (
                function in new and same(old[function], new[function], tolerance)
            ):
                new_text = (
                    format_value(new[function]) if function in new else new.get("broken", NOTHING)
                )
                changes[f"{entry.name}.{function}"] = (format_value(old[function]), new_text)
    return changes


def names(changes: Changed) -> list[str]:
    """The entries that changed, once each."""
    return list(dict.fromkeys(key.partition(".")[0] for key in changes))

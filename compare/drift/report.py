"""Report what another version changed: stage by stage, the defaults, and the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compare.comparison import STAGES, Comparison, Outcome
from triptych.differences.entry import Entry
from triptych.differences.values import format_value, same

# Which values of the catalogue of differences another version changes.

Observed = Mapping[str, Mapping[str, Any]]  # by entry: default, matched, or why it did not run
Changed = dict[str, tuple[str, str]]
NOTHING = "(not there)"


def changed_entries(entries: Sequence[Entry], ours: Observed, theirs: Observed) -> Changed:
    """The values that differ beyond their entry's tolerance, as text, by `entry.function`."""
    changes = {}
    for entry in entries:
        old, new = ours.get(entry.name, {}), theirs.get(entry.name, {})
        if "missing" in new:  # a package that is not there is no change of the framework
            continue
        for function, tolerance in (("default", entry.tolerance), ("matched", entry.round_off)):
            if function in old and not (
                function in new and same(old[function], new[function], tolerance)
            ):
                new_text = (
                    format_value(new[function]) if function in new else new.get("broken", NOTHING)
                )
                changes[f"{entry.name}.{function}"] = (format_value(old[function]), new_text)
    return changes


def names_of(changes: Changed) -> list[str]:
    """The entries that changed, once each."""
    return list(dict.fromkeys(key.partition(".")[0] for key in changes))


Moved = Mapping[str, tuple[str, str]]
Defaults = Mapping[str, tuple[Any, Any]]


def report(
    title: str,
    refused: str,
    moved: Moved,
    defaults: Defaults,
    lessons: list[Comparison],
    entries: Changed | str,
) -> str:
    """The whole report; `changes` lists what counts as a change.

    entries: the values of the catalogue that changed, or why it could not be run.
    """
    parts = [title]
    if moved:
        parts += ["", "It needed other versions of these packages:"]
        parts += [f"  {package} {_from(*versions)}" for package, versions in moved.items()]
    if refused:
        parts += ["", f"✗ its adapter cannot be imported: {refused}"]
    else:
        for comparison in lessons:
            parts += ["", f"lesson {comparison.lesson}"]
            parts += [f"  {line}" for line in stages(comparison.outcomes[0])]
        lines = [f"  ✗ {key}: {old!r} → {new!r}" for key, (old, new) in defaults.items()]
        parts += ["", "defaults", *(lines or ["  none changed"])]
    parts += ["", "catalogue of differences"]
    if isinstance(entries, str):
        return "\n".join([*parts, f"  ✗ cannot be run: {entries}"])
    lines = [f"  ✗ {key}: {old} → {new}" for key, (old, new) in entries.items()]
    return "\n".join([*parts, *(lines or ["  none changed"])])


def stages(outcome: Outcome) -> list[str]:
    """A line for each stage: equal bit for bit, or its largest gap and the budget."""
    if outcome.status != "complete":
        return [f"✗ {outcome.status}: {outcome.reason}"]
    lines = []
    for stage in STAGES:
        worst = outcome.worst(stage)
        if worst is not None and worst.gap == 0:
            lines.append(f"  {stage}: the same, bit for bit")
        elif worst is not None:
            lines.append(f"{' ' if worst.holds else '✗'} {worst}")
    return lines


def changes(
    refused: str, defaults: Defaults, lessons: list[Comparison], entries: Changed | str
) -> list[str]:
    """One line for each change; any of them makes the exit status 1."""
    lines = ["the adapter cannot be imported"] if refused else []
    for comparison in lessons:
        outcome = comparison.outcomes[0]
        first = outcome.first_over()
        if outcome.status != "complete" and not refused:
            lines.append(f"lesson {comparison.lesson} {outcome.status}")
        elif first is not None:
            lines.append(f"lesson {comparison.lesson} first differs at {first}")
    if defaults:
        lines.append(f"{len(defaults)} {'default' if len(defaults) == 1 else 'defaults'} changed")
    if isinstance(entries, str):
        lines.append("the catalogue cannot be run")
    elif entries:
        lines.append(f"the catalogue changed: {', '.join(names_of(entries))}")
    return lines


def _from(old: str, new: str) -> str:
    return f"{old} → {new}" if old else f"{new} (new)"

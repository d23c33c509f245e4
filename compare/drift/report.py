"""What another version changed, as a person reads it: stage by stage, and the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compare.comparison import STAGES, Comparison, Outcome
from compare.drift.catalogue import Changed, names

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
    """The whole report; `changes` says what in it counts as a change.

    entries: the values of the catalogue that changed, or why it could not be observed.
    """
    parts = [title]
    if moved:
        parts += ["", "It needed other companions:"]
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
        return "\n".join([*parts, f"  ✗ cannot be observed: {entries}"])
    lines = [f"  ✗ {key}: {old} → {new}" for key, (old, new) in entries.items()]
    return "\n".join([*parts, *(lines or ["  none changed"])])


def stages(outcome: Outcome) -> list[str]:
    """A line for each stage: the same to the bit, or its largest gap beside the budget."""
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
    """What counts as a change: one line each, for the end and the exit status."""
    found = ["the adapter cannot be imported"] if refused else []
    for comparison in lessons:
        outcome = comparison.outcomes[0]
        first = outcome.first_over()
        if outcome.status != "complete" and not refused:
            found.append(f"lesson {comparison.lesson} {outcome.status}")
        elif first is not None:
            found.append(f"lesson {comparison.lesson} parts first at {first}")
    if defaults:
        found.append(f"{len(defaults)} {'default' if len(defaults) == 1 else 'defaults'} changed")
    if isinstance(entries, str):
        found.append("the catalogue cannot be observed")
    elif entries:
        found.append(f"the catalogue changed: {', '.join(names(entries))}")
    return found


def _from(old: str, new: str) -> str:
    return f"{old} → {new}" if old else f"{new} (new)"

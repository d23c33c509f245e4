"""The table backend × stage, as rows of plain cells for the template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from compare.backends import shares_kernels
from compare.comparison import STAGES, Comparison, Finding, Outcome
from compare.page.formatting import place, short


@dataclass(frozen=True)
class Entry:
    """One stage of one backend."""

    state: Literal["equal", "holds", "over", "not judged"]
    gap: str
    budget: str
    share: int  # of the budget, in percent, at most 100; 0 only for equal numbers


@dataclass(frozen=True)
class Line:
    """One backend's row."""

    backend: str
    state: Literal["reference", "agrees", "parts", "failed", "not run"]
    notes: list[str]
    reason: str
    entries: list[Entry]


def stage_table(comparison: Comparison) -> list[Line]:
    """A line for every backend, including those that did not run."""
    shared = shared_notes(comparison)
    return [_line(outcome, comparison.reference, shared) for outcome in comparison.outcomes]


def shared_notes(comparison: Comparison) -> list[str]:
    """Notes shared by several backends, to show once below the table instead of in every row."""
    counts = Counter(note for outcome in comparison.outcomes for note in outcome.notes)
    return [note for note, count in counts.items() if count > 1]


def where_table(comparison: Comparison) -> list[tuple[str, Finding, str, str, str]]:
    """Each backend's largest gap at each stage: backend, finding, place, gap, budget."""
    return [
        (outcome.backend, worst, place(worst), short(worst.gap), short(worst.budget))
        for outcome in comparison.outcomes
        for worst in map(outcome.worst, STAGES)
        if worst is not None and worst.gap != 0
    ]


def _line(outcome: Outcome, reference: str, notes_below: list[str]) -> Line:
    notes = [note for note in outcome.notes if note not in notes_below]
    shared = shares_kernels(outcome.backend)
    if shared and not any("kernels" in note for note in notes):
        notes.insert(0, f"shares kernels with {shared}")
    if outcome.backend == reference and outcome.status == "complete":
        return Line(outcome.backend, "reference", notes, "", [])
    if outcome.status != "complete":
        return Line(outcome.backend, outcome.status, notes, outcome.reason, [])
    entries = [_entry(outcome.worst(stage)) for stage in STAGES]
    return Line(outcome.backend, "agrees" if outcome.agrees else "parts", notes, "", entries)


def _entry(worst: Finding | None) -> Entry:
    if worst is None:
        return Entry("not judged", "", "", 0)
    if worst.holds and worst.gap == 0:
        return Entry("equal", "0", short(worst.budget), 0)
    percent = min(100, max(1, round(100 * worst.share))) if worst.holds else 100
    state: Literal["holds", "over"] = "holds" if worst.holds else "over"
    return Entry(state, short(worst.gap), short(worst.budget), percent)

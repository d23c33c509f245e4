"""One version's run of the lessons against the other's."""

from __future__ import annotations

from pathlib import Path

from compare import records
from compare.comparison import Comparison, Finding, Outcome
from compare.drift.running import Travelled, Trip
from course.record import read_record


def compare(locked: Travelled, other: Travelled, trip: Trip) -> list[Comparison]:
    """Each lesson of the other version, judged stage by stage by the locked one's record."""
    found = []
    for lesson in trip.lessons:
        ours, theirs = locked.lessons[lesson], other.lessons.get(lesson)
        if theirs is None:
            theirs = Outcome(other.name, "failed", "its adapter cannot be imported")
        elif ours.folder is not None and theirs.folder is not None:
            theirs.findings = findings(ours.folder, theirs.folder)
        found.append(
            Comparison(lesson, trip.dtype, trip.seed, locked.name, [theirs], seconds=theirs.seconds)
        )
    return found


def findings(ours: Path, theirs: Path) -> list[Finding]:
    """Every stage of two records, those of a single step by their looks."""
    return records.findings(read_record(ours, looks=True), read_record(theirs, looks=True))

"""One version's run of the lessons against the other's."""

from __future__ import annotations

from pathlib import Path

from compare import findings
from compare.comparison import Comparison, Finding, Outcome
from compare.drift.running import EnvironmentResult, RunPlan
from course.record import read_record


def compare(locked: EnvironmentResult, other: EnvironmentResult, trip: RunPlan) -> list[Comparison]:
    """Each lesson of the other version, judged stage by stage by the locked one's record."""
    found = []
    for lesson in trip.lessons:
        ours, theirs = locked.lessons[lesson], other.lessons.get(lesson)
        if theirs is None:
            theirs = Outcome(other.name, "failed", "its adapter cannot be imported")
        elif ours.folder is not None and theirs.folder is not None:
            theirs.findings = findings_of(ours.folder, theirs.folder)
        found.append(
            Comparison(lesson, trip.dtype, trip.seed, locked.name, [theirs], seconds=theirs.seconds)
        )
    return found


def findings_of(ours: Path, theirs: Path) -> list[Finding]:
    """Every stage of two records, those of a single step by their looks."""
    return findings.findings(read_record(ours, probes=True), read_record(theirs, probes=True))

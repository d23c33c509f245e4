"""One version's run of the lessons against the other's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    """Every stage of two records."""
    return [
        translated(finding) for finding in records.findings(read_record(ours), read_record(theirs))
    ]


def translated(finding: Any) -> Finding:
    """A finding in the words of compare/comparison.py, which records.py is about to use itself."""
    if isinstance(finding, Finding):
        return finding
    tensor = "losses" if finding.stage == "loss" else finding.stage
    stage = {"data": "data", "initial weights": "initial weights", "batch order": "batch order",
             "predictions": "metric"}.get(tensor, "trajectory")  # fmt: skip
    run = "" if finding.run == "all" else finding.run
    where = finding.where[finding.where.find("[") :] if "[" in finding.where else ""
    return Finding(stage, run, tensor, finding.gap, finding.budget, where)

"""Compare the lessons' records on two versions."""

from __future__ import annotations

from pathlib import Path

from compare import findings
from compare.comparison import Comparison, Finding, Outcome
from compare.drift.running import EnvironmentResult, RunPlan
from course.record import read_record


def compare(locked: EnvironmentResult, other: EnvironmentResult, plan: RunPlan) -> list[Comparison]:
    """Judge each lesson of the other version stage by stage by the locked version's record."""
    comparisons = []
    for lesson in plan.lessons:
        ours, theirs = locked.lessons[lesson], other.lessons.get(lesson)
        if theirs is None:
            theirs = Outcome(other.name, "failed", "its adapter cannot be imported")
        elif ours.folder is not None and theirs.folder is not None:
            theirs.findings = findings_of(ours.folder, theirs.folder)
        comparisons.append(
            Comparison(lesson, plan.dtype, plan.seed, locked.name, [theirs], seconds=theirs.seconds)
        )
    return comparisons


def findings_of(ours: Path, theirs: Path) -> list[Finding]:
    """Judge every stage of two records, those of a single step by their probes."""
    return findings.findings(read_record(ours, probes=True), read_record(theirs, probes=True))

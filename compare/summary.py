"""A comparison in words: where each backend first differs, and which side is suspect."""

from __future__ import annotations

from adapters import BACKENDS
from compare.backends import shares_kernels
from compare.comparison import Comparison, Outcome


def complaints(comparison: Comparison) -> list[str]:
    """One line per backend that failed or is over a budget, and one if the reference is suspect."""
    lines = []
    for outcome in comparison.outcomes:
        if outcome.status == "failed":
            lines.append(f"{outcome.backend} failed: {outcome.reason}")
        first = outcome.first_over()
        if first is not None:
            lines.append(f"{outcome.backend} first differs from {comparison.reference} at {first}")
    suspicion = _suspicion(comparison)
    return [*lines, suspicion] if suspicion else lines


def _suspicion(comparison: Comparison) -> str:
    """A line on the reference if all independent backends differ from it, otherwise empty."""
    if comparison.reference not in BACKENDS:  # a folder of records, not a backend
        return ""
    judged = independent(comparison)
    firsts = {(f.stage, f.run, f.tensor) for o in judged if (f := o.first_over()) is not None}
    over = [o for o in judged if not all(f.holds for f in o.findings)]
    if len(over) < len(judged) or not judged:
        return ""
    names = " and ".join(o.backend for o in judged)
    reference = comparison.reference
    if len(judged) == 1:
        return (
            f"only {names} was compared with {reference}: "
            "a second backend would tell which is wrong"
        )
    if len(firsts) == 1:
        return f"{names} differ from {reference} at the same place: suspect {reference} itself"
    return ""


def independent(comparison: Comparison) -> list[Outcome]:
    """The backends whose kernels are not those of another backend in the comparison."""
    ran = {o.backend for o in comparison.outcomes if o.status == "complete"}
    return [
        o
        for o in comparison.outcomes
        if o.backend in ran - {comparison.reference} and shares_kernels(o.backend) not in ran
    ]

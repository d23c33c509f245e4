"""What a comparison says in words: where each backend first parts, and who is to be suspected."""

from __future__ import annotations

from adapters import BACKENDS
from compare.backends import shares_kernels
from compare.comparison import Comparison, Outcome


def complaints(comparison: Comparison) -> list[str]:
    """One line for each backend that failed or is over a budget, and one if the reference may be."""
    lines = []
    for outcome in comparison.outcomes:
        if outcome.status == "failed":
            lines.append(f"{outcome.backend} failed: {outcome.reason}")
        first = outcome.first_over()
        if first is not None:
            lines.append(f"{outcome.backend} first parts from {comparison.reference} at {first}")
    suspicion = _suspicion(comparison)
    return [*lines, suspicion] if suspicion else lines


def _suspicion(comparison: Comparison) -> str:
    """Whether the reference itself stands alone: a word on it, or nothing."""
    if comparison.reference not in BACKENDS:  # a folder of records, and whose they are is known
        return ""
    witnesses = independent(comparison)
    firsts = {(f.stage, f.run, f.tensor) for o in witnesses if (f := o.first_over()) is not None}
    over = [o for o in witnesses if not all(f.holds for f in o.findings)]
    if len(over) < len(witnesses) or not witnesses:
        return ""
    names = " and ".join(o.backend for o in witnesses)
    reference = comparison.reference
    if len(witnesses) == 1:
        return f"only {names} was held against {reference}: a second backend would tell whose it is"
    if len(firsts) == 1:
        return f"{names} part from {reference} at the same place: suspect {reference} itself"
    return ""


def independent(comparison: Comparison) -> list[Outcome]:
    """The backends that ran on kernels of their own, or of a backend that is not among them."""
    ran = {o.backend for o in comparison.outcomes if o.status == "complete"}
    return [
        o
        for o in comparison.outcomes
        if o.backend in ran - {comparison.reference} and shares_kernels(o.backend) not in ran
    ]

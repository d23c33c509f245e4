"""The comparison as text: the verdict in a sentence, readable numbers, and the table of stages."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from compare.backends import shares_kernels
from compare.comparison import STAGES, Comparison, Finding, Outcome

if TYPE_CHECKING:
    from markupsafe import Markup

# The comparison as text: the verdict in a sentence, and numbers in a readable form.

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float | None) -> str:
    """A number in few characters: 0, 3, 0.25, 2.9e-7."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return "not finite"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def prose(text: str) -> Markup:
    """A sentence as HTML, with text in backticks as code."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part)
        for i, part in enumerate(parts)
    )


def power_of_ten(exponent: int) -> str:
    """10⁻⁷ as text, for an axis."""
    return f"10{str(exponent).translate(SUPERSCRIPT)}"


def place(finding: Finding) -> str:
    """Where a gap is: run, tensor, entry and step."""
    name = "/".join(part for part in (finding.run, finding.tensor) if part) + finding.where
    return f"{name}, step {finding.step}" if finding.step is not None else name


def verdict(comparison: Comparison) -> str:
    """Whether they agree, in one sentence; a second one names what did not run."""
    others = [o for o in comparison.outcomes if o.backend != comparison.reference]
    ran = [o for o in others if o.status == "complete"]
    failed = [o.backend for o in others if o.status == "failed"]
    missing = [o.backend for o in others if o.status == "not run"]
    apart = [o for o in ran if not o.agrees]
    if apart:
        details = "; ".join(_first_over(o) for o in apart)
        sentence = f"No: {len(apart)} of {_backends(len(ran))} left the budget: {details}."
    elif failed:
        sentence = f"No: {_listed(failed)} did not finish the lesson."
        failed = []
    elif not ran:
        sentence = f"Nothing to compare: only {comparison.reference} ran."
    else:
        sentence = (
            f"Yes: {_backends(len(ran))} and {comparison.reference} compute the same numbers, "
            f"at every stage within budget{_closest(ran)}."
        )
    if failed:
        sentence += f" Did not finish: {_listed(failed)}."
    if missing:
        sentence += f" Not run: {_listed(missing)}."
    return sentence


def _backends(count: int) -> str:
    return "1 backend" if count == 1 else f"{count} backends"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _first_over(outcome: Outcome) -> str:
    first = outcome.first_over()
    assert first is not None
    return (
        f"{outcome.backend} first in {first.stage} ({place(first)}: {short(first.gap)} where "
        f"{short(first.budget)} is allowed)"
    )


def _closest(ran: list[Outcome]) -> str:
    used = [(f.share, o.backend, f) for o in ran for f in o.findings if f.share > 0]
    if not used:
        return ", and not one bit differs"
    share, backend, finding = max(used, key=lambda entry: entry[0])
    percent = f"{share:.0%}" if share >= 0.01 else "less than 1%"
    return f"; the closest call, {backend} in {finding.stage}, used {percent} of it"


# The table backend × stage, as rows of plain cells for the template.


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

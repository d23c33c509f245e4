"""Find where two sides first differ and why, prove the cause by injecting it, and go on.

The first quantity over its budget is a divergence. `suspects.py` looks for a known difference that
reproduces it, and then for one with a number that `examine.py` measures; such a cause is proved,
and stays injected. What no injection can reproduce may be likely, by the pattern that it leaves, or
else gets a sentence. Then `going_on.py` replaces what deviates, and the search continues behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from compare.budgets import budget_of_run
from compare.diverge.examine import Examination, examine
from compare.diverge.gap import Gap, first_over, gaps
from compare.diverge.going_on import Continuation, go_on
from compare.diverge.likely import Likely
from compare.diverge.rounding_flips import rounding_flip, rounding_grown
from compare.diverge.side import Side
from compare.diverge.suspects import Cause, Pair, find_cause

SCREENER = "numpy"  # imports in a tenth of a second, and compiles nothing
MOST = 12  # divergences of one pair; what has more is another network


@dataclass(frozen=True)
class Divergence:
    """A point where two sides differ."""

    gap: Gap
    inside: tuple[list[str], list[str]]  # the causes found before, injected into either side
    cause: Cause | None = None  # proved
    flip: str = ""  # how rounding caused it, if it did
    likely: Likely | None = None
    description: str = ""  # of the numbers, where nothing is proved
    culprit: str = ""  # the side that was examined
    note: str = ""  # what follows from it, or does not
    pair: Pair | None = field(default=None, repr=False, compare=False)  # that showed it


@dataclass
class Diagnosis:
    """All differences between two sides, in the order in which they show."""

    divergences: list[Divergence] = field(default_factory=list)
    gaps: dict[str, list[Gap]] = field(default_factory=dict)  # of each run, with no cause injected
    end: str = ""  # why the search stopped, if anything remained

    @property
    def runs(self) -> int:
        """How many runs were compared."""
        return len(self.gaps)

    @property
    def quantities(self) -> int:
        """How many quantities of these runs were compared."""
        return sum(gap.compared for gaps in self.gaps.values() for gap in gaps)

    @property
    def agrees(self) -> bool:
        """Whether only rounding separates the sides."""
        return all(divergence.flip for divergence in self.divergences)


def diagnose(
    a: Side, b: Side, report: Callable[[str], None] = lambda text: None,
    screener: Side | None = None,
) -> Diagnosis:  # fmt: skip
    """Find the differences between two sides, one after the other.

    report: called with a line of progress. screener: NumPy on the same setting, if started.
    """
    screener = screener or next((side for side in (a, b) if side.name == SCREENER), None)
    with nullcontext(screener) if screener else Side(SCREENER, a.setting, a.folder) as started:
        return _diagnose(Pair(a, b, [], []), started, report)


def _diagnose(pair: Pair, screener: Side, report: Callable[[str], None]) -> Diagnosis:
    diagnosis, excused = Diagnosis(), set[str]()
    for _ in range(MOST):
        current = compare(pair.a, pair.b, pair.in_a, pair.in_b)
        if not diagnosis.gaps:
            diagnosis.gaps = current
        over = (first_over(gaps) for run, gaps in current.items() if run not in excused)
        gap = next(filter(None, over), None)
        if gap is None:
            return diagnosis
        inside = list(pair.in_a), list(pair.in_b)
        both = pair.a, pair.b, pair.in_a, pair.in_b
        flip = rounding_flip(*both, gap) or rounding_grown(*both, gap, current[gap.run])
        if flip:
            excused.add(gap.run)
            diagnosis.divergences.append(Divergence(gap, inside, flip=flip, pair=_now(pair)))
            continue
        report(f"{gap}: trying the known causes")
        directions = pair.directions()
        if not directions:
            diagnosis.divergences.append(Divergence(gap, inside, pair=_now(pair)))
            return diagnosis
        cause, found = find_cause(pair, current, gap, screener), Examination()
        sound, suspect, of_sound, of_suspect = directions[0]
        if cause is None or not cause.to_the_end:
            found = examine(sound, suspect, (of_sound, of_suspect), gap)
            cause = _better(cause, pair, current, gap, screener, found)
        if cause is not None:
            diagnosis.divergences.append(Divergence(gap, inside, cause, pair=_now(pair)))
            (pair.in_a if cause.into_a else pair.in_b).append(cause.suspects[0])
            continue
        shown = _now(pair)
        then = go_on(pair, current, gap, found)
        known = {d.likely.name for d in diagnosis.divergences if d.likely}
        if found.likely is None or found.likely.name not in known:  # else it is the same again
            diagnosis.divergences.append(
                Divergence(gap, inside, None, "", found.likely, found.description, suspect.name,
                           then.note, shown)
            )  # fmt: skip
        diagnosis.divergences += [
            Divergence(other, inside, description=text, culprit=suspect.name, pair=shown)
            for other, text in then.others
        ]
        if then.pair is None:
            diagnosis.end = then.end
            return diagnosis
        pair, screener = then.pair, then.screener or screener
    diagnosis.end = f"the search ends after {MOST} differences"
    return diagnosis


def _better(
    cause: Cause | None, pair: Pair, current: dict[str, list[Gap]], gap: Gap, screener: Side,
    found: Examination,
) -> Cause | None:  # fmt: skip
    """The known cause, or a measured one if it explains more of the run."""
    measured = None
    if found.measured:
        measured = find_cause(pair, current, gap, screener, found.measured)
    if cause is None or (measured is not None and measured.explained > cause.explained):
        return measured
    return cause


def _now(pair: Pair) -> Pair:
    return Pair(pair.a, pair.b, list(pair.in_a), list(pair.in_b))


def compare(a: Side, b: Side, in_a: list[str], in_b: list[str]) -> dict[str, list[Gap]]:
    """The gaps of every run."""
    ours, theirs = a.trace(in_a), b.trace(in_b)
    result = {}
    for run in dict.fromkeys([*ours.runs, *theirs.runs]):
        both = ours.runs.get(run, []), theirs.runs.get(run, [])
        card = ours.card if run in ours.card.get("runs", {}) else theirs.card
        result[run] = list(gaps(run, *both, budget_of_run(card, run), a.setting.dtype))
    return result


__all__ = ["Cause", "Continuation", "Diagnosis", "Divergence", "compare", "diagnose"]

"""Find where two sides first differ and why, and prove the cause by injecting it.

For the first quantity over its budget, every injection that can show in the run is a suspect. Each
is injected into one side. If the suspect is the cause, that side now errs as the other does, and
the two agree again, up to the next difference or to the end. The suspect that explains the most
quantities is the cause; suspects that explain the same in every run are indistinguishable and form
one class. The cause stays injected, and the search continues. A suspect must explain more than its
control, an injection that changes nothing: if the control repairs a side, that side is the faulty
one, for a reason not in this catalogue. A suspect must also not make any other run differ earlier.

A compiled backend rebuilds its graphs for each suspect. So NumPy screens the suspects first, and
the side itself tries only those that NumPy finds guilty, or all of them if NumPy finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from compare.budgets import budget_of_run
from compare.diverge.gap import Gap, count_within_budget, first_over, gaps
from compare.diverge.rounding_flips import rounding_flip
from compare.diverge.side import Side
from injections import INJECTIONS
from injections.reference_network import CONTROLS

SCREENER = "numpy"  # imports in a tenth of a second, and compiles nothing


@dataclass(frozen=True)
class Cause:
    """The cause of a divergence: indistinguishable suspects, the likeliest first."""

    suspects: tuple[str, ...]
    culprit: str  # the side that errs in this way
    tried: int  # how many suspects there were


@dataclass(frozen=True)
class Divergence:
    """A point where two sides differ."""

    gap: Gap
    inside: tuple[list[str], list[str]]  # the causes found before, injected into either side
    cause: Cause | None = None
    flip: str = ""  # how rounding caused it, if it did


@dataclass
class Diagnosis:
    """All differences between two sides, in the order in which they show."""

    divergences: list[Divergence] = field(default_factory=list)
    gaps: dict[str, list[Gap]] = field(default_factory=dict)  # of each run, with no cause injected

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
        return _diagnose(a, b, started, report)


def _diagnose(a: Side, b: Side, screener: Side, report: Callable[[str], None]) -> Diagnosis:
    diagnosis, excused = Diagnosis(), set[str]()
    in_a: list[str] = []  # what b does, injected into a
    in_b: list[str] = []  # what a does, injected into b
    while True:
        current = compare(a, b, in_a, in_b)
        if not diagnosis.gaps:
            diagnosis.gaps = current
        over = (first_over(gaps) for run, gaps in current.items() if run not in excused)
        gap = next(filter(None, over), None)
        if gap is None:
            return diagnosis
        inside = list(in_a), list(in_b)
        flip = rounding_flip(a, b, in_a, in_b, gap)
        if flip:
            excused.add(gap.run)
            diagnosis.divergences.append(Divergence(gap, inside, flip=flip))
            continue
        report(f"{gap}: trying the known causes")
        cause = find_cause(a, b, in_a, in_b, current, gap, screener)
        diagnosis.divergences.append(Divergence(gap, inside, cause))
        if cause is None:
            return diagnosis
        (in_a if cause.culprit == b.name else in_b).append(cause.suspects[0])


def compare(a: Side, b: Side, in_a: list[str], in_b: list[str]) -> dict[str, list[Gap]]:
    """The gaps of every run."""
    ours, theirs = a.trace(in_a), b.trace(in_b)
    result = {}
    for run in dict.fromkeys([*ours.runs, *theirs.runs]):
        both = ours.runs.get(run, []), theirs.runs.get(run, [])
        card = ours.card if run in ours.card.get("runs", {}) else theirs.card
        result[run] = list(gaps(run, *both, budget_of_run(card, run), a.setting.dtype))
    return result


def find_cause(
    a: Side, b: Side, in_a: list[str], in_b: list[str], current: dict[str, list[Gap]], gap: Gap,
    screener: Side,
) -> Cause | None:  # fmt: skip
    """The suspects that explain a divergence best; None if no known one does.

    Suspects are tried in one side, and in the other unless one explains the run to its end: a
    suspect that only delays the divergence may be a second mistake that hides the first.
    """
    matched = {run: count_within_budget(gaps) for run, gaps in current.items()}
    most, cause = matched[gap.run], None
    for innocent, culprit, inside, outside in ((a, b, in_a, in_b), (b, a, in_b, in_a)):
        if innocent.is_file:
            continue
        file = culprit.trace_file(outside)
        trial = Trial(innocent, screener, [*innocent.injections, *inside], file)
        suspects = [name for name in INJECTIONS if name not in trial.base]
        here = trial.search(gap.run, suspects, matched[gap.run])
        better = [name for name, count in here.items() if count > most]
        gains = trial.elsewhere(better, matched, gap.run)
        # A cause makes no other run worse.
        harmless = [name for name in better if min(gains[name], default=0) >= 0]
        top = max((here[name] for name in harmless), default=most)
        if harmless and top > trial.control(gap.run):
            best = [name for name in harmless if here[name] == top]
            widest = max(sum(gains[name]) for name in best)
            suspects = [name for name in best if sum(gains[name]) == widest]
            most, cause = top, Cause(tuple(suspects), culprit.name, len(here))
        if most == len(culprit.trace(outside).runs[gap.run]):
            break
    return cause


@dataclass(frozen=True)
class Trial:
    """Suspects, each injected into one side, compared with the trace of the other."""

    side: Side
    screener: Side
    base: list[str]  # the injections that this side has anyway
    against: Path

    def search(self, run: str, suspects: list[str], matched: int) -> dict[str, int]:
        """How many quantities of this run each suspect explains, without those that cannot show."""
        if self.side.name != self.screener.name:
            screened = self.explained(self.screener, run, suspects)
            top = max(screened.values(), default=0)
            guilty = [name for name, count in screened.items() if count == top > matched]
            here = self.explained(self.side, run, guilty) if guilty else {}
            if max(here.values(), default=0) > matched:
                return screened | here
        return self.explained(self.side, run, suspects)

    def control(self, run: str) -> int:
        """How many quantities are explained by injections that change nothing."""
        return max(self.explained(self.side, run, list(CONTROLS)).values())

    def explained(self, side: Side, run: str, suspects: list[str]) -> dict[str, int]:
        """How many quantities of this run each suspect explains on this side."""
        against = str(self.against)
        answer = side.request(
            "evaluate", injections=self.base, candidates=suspects, run=run, against=against
        )
        return dict(answer["explained"])

    def elsewhere(
        self, suspects: list[str], matched: dict[str, int], run: str
    ) -> dict[str, list[int]]:
        """How many more quantities each explains in every other run in which it can show."""
        gains: dict[str, list[int]] = {name: [] for name in suspects}
        for other in matched:
            if other != run and suspects:
                for name, count in self.explained(self.screener, other, suspects).items():
                    gains[name].append(count - matched[other])
        return gains

"""Which known difference, injected into one side, makes it err as the other does?

For the first quantity over its budget, every injection that can show in the run is a suspect. Each
is injected into one side. If the suspect is the cause, that side now errs as the other does, and
the two agree again, up to the next difference or to the end. The suspect that explains the most
quantities is the cause; suspects that explain the same in every run are indistinguishable and form
one class. A suspect must explain more than its control, an injection that changes nothing: if the
control repairs a side, that side is the faulty one, for a reason not in this catalogue. A suspect
must also not make any other run differ earlier.

A compiled backend rebuilds its graphs for each suspect. So NumPy screens the suspects first, and
the side itself tries only those that NumPy finds guilty, or all of them if NumPy finds none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters import BACKENDS
from compare.diverge.answers import remembered
from compare.diverge.gap import Gap, count_within_budget
from compare.diverge.side import Side
from injections import INJECTIONS
from injections.reference_network import CONTROLS


@dataclass(frozen=True)
class Cause:
    """The cause of a divergence: indistinguishable suspects, the likeliest first."""

    suspects: tuple[str, ...]
    culprit: str  # the side that errs in this way
    tried: int  # how many suspects there were
    into_a: bool = True  # whether it was injected into the first side, and the second errs
    explained: int = 0  # how many quantities of the run, from its first
    to_the_end: bool = False  # whether these are all of them


@dataclass(frozen=True)
class Pair:
    """Two sides, and the injections that each has beside its own."""

    a: Side
    b: Side
    in_a: list[str]
    in_b: list[str]

    def directions(self) -> list[tuple[Side, Side, list[str], list[str]]]:
        """Innocent, culprit, and what is injected into either, for each side that may err.

        A plain backend of the course is not accused where the other side is a user's adapter or has
        an injection. A finished trace runs nothing, so nothing can be injected into it.
        """
        both = [(self.a, self.b, self.in_a, self.in_b), (self.b, self.a, self.in_b, self.in_a)]
        suspected = [each for each in both if _may_err(each[1])]
        return [each for each in suspected or both if not each[0].is_file]


def _may_err(side: Side) -> bool:
    return not side.twin_of and (bool(side.injections) or side.name not in BACKENDS)


def find_cause(
    pair: Pair, current: dict[str, list[Gap]], gap: Gap, screener: Side,
    measured: Sequence[str] | None = None,
) -> Cause | None:  # fmt: skip
    """The suspects that explain a divergence best; None if no known one does.

    Suspects are tried in one side, and in the other unless one explains the run to its end: a
    suspect that only delays the divergence may be a second mistake that hides the first.
    measured: suspects with a number, to be tried instead of the known ones.
    """
    matched = {run: count_within_budget(gaps) for run, gaps in current.items()}
    most, cause = matched[gap.run], None
    for innocent, culprit, inside, outside in pair.directions():
        file = culprit.trace_file(outside)
        trial = Trial(
            innocent, screener, [*innocent.injections, *inside], file, culprit.identity(outside)
        )
        named = list(INJECTIONS) if measured is None else list(measured)
        names = [name for name in named if name not in trial.base]
        here = trial.search(gap.run, names, matched[gap.run])
        better = [name for name, count in here.items() if count > most]
        gains = trial.elsewhere(better, matched, gap.run)
        # A cause makes no other run worse.
        harmless = [name for name in better if min(gains[name], default=0) >= 0]
        if measured is not None:
            harmless = [n for n in harmless if _predicts(current[gap.run], gap, here[n])]
        top = max((here[name] for name in harmless), default=most)
        if harmless and top > trial.control(gap.run):
            best = [name for name in harmless if here[name] == top]
            widest = max(sum(gains[name]) for name in best)
            suspects = [name for name in best if sum(gains[name]) == widest]
            most, cause = (
                top,
                Cause(
                    tuple(suspects),
                    culprit.name,
                    len(here),
                    innocent is pair.a,
                    top,
                    top == len(culprit.trace(outside).runs[gap.run]),
                ),
            )
        if most == len(culprit.trace(outside).runs[gap.run]):
            break
    return cause


def _predicts(gaps: Sequence[Gap], gap: Gap, explained: int) -> bool:
    """Whether a measured suspect explains more than the step that it was measured in.

    It was fitted to that step, so it proves something only if it holds in the next one, too, or to
    the end of the run.
    """
    return explained >= len(gaps) or gaps[explained].step > gap.step + 1


@dataclass(frozen=True)
class Trial:
    """Suspects, each injected into one side, compared with the trace of the other."""

    side: Side
    screener: Side
    base: list[str]  # the injections that this side has anyway
    against: Path
    decides_against: str  # all that decides the trace it is compared with; empty if unknown

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

        def ask() -> dict[str, int]:
            return dict(
                side.request(
                    "evaluate", injections=self.base, candidates=suspects, run=run, against=against
                )["explained"]
            )

        decides = ["explained", side.identity(self.base), self.decides_against, run, suspects]
        return dict(remembered(side.folder, decides, ask))

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

"""Where do two sides part first, and what is the cause? Proved by planting it in the other side.

Of the first quantity that is over its budget, every plant that can show in the run is a suspect.
Each is planted in one side; a suspect that is the cause makes that side err as the other does, and
the two agree again, up to the next difference or to the end. What explains most comes first;
suspects that explain the same, in every run, cannot be told apart and form one class. The cause
stays planted, and the search goes on. A suspect must explain more than its control, which plants
nothing: a side that the control mends is the one that errs, in a way that nothing here knows. And
it must not make any other run part earlier.

Compiled backends build each suspect's graphs anew, so NumPy looks through the suspects first, and
the side itself then tries only those that NumPy finds guilty; all of them, where it finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from compare.diverge.gap import Gap, count_held, first_over, gaps
from compare.diverge.rounding_flips import rounding_flip
from compare.diverge.side import Side
from injections import INJECTIONS
from injections.controls import CONTROLS

SCOUT = "numpy"  # imports in a tenth of a second, and compiles nothing


@dataclass(frozen=True)
class Cause:
    """What explains a divergence: suspects that cannot be told apart, the likeliest first."""

    suspects: tuple[str, ...]
    culprit: str  # the side that does so
    tried: int  # how many could have been


@dataclass(frozen=True)
class Divergence:
    """Where two sides part."""

    gap: Gap
    inside: tuple[list[str], list[str]]  # the causes known before, in either side
    cause: Cause | None = None
    flip: str = ""  # how rounding did it, where it was rounding


@dataclass
class Diagnosis:
    """All that two sides differ in, in the order in which it shows."""

    divergences: list[Divergence] = field(default_factory=list)
    shares: dict[str, list[Gap]] = field(default_factory=dict)  # of each run, before any cause

    @property
    def runs(self) -> int:
        """How many runs were compared."""
        return len(self.shares)

    @property
    def quantities(self) -> int:
        """How many quantities of them."""
        return sum(gap.compared for found in self.shares.values() for gap in found)

    @property
    def agrees(self) -> bool:
        """Whether nothing but rounding lies between the sides."""
        return all(divergence.flip for divergence in self.divergences)


def diagnose(
    a: Side, b: Side, say: Callable[[str], None] = lambda text: None, scout: Side | None = None
) -> Diagnosis:
    """Find what differs between two sides, one thing after the other.

    scout: NumPy on the same setting, where it has been started already.
    """
    scout = scout or next((side for side in (a, b) if side.name == SCOUT), None)
    with nullcontext(scout) if scout else Side(SCOUT, a.setting, a.folder) as started:
        return _diagnose(a, b, started, say)


def _diagnose(a: Side, b: Side, scout: Side, say: Callable[[str], None]) -> Diagnosis:
    diagnosis, excused = Diagnosis(), set[str]()
    in_a: list[str] = []  # what b does, planted in a
    in_b: list[str] = []  # what a does, planted in b
    while True:
        found = compare(a, b, in_a, in_b)
        if not diagnosis.shares:
            diagnosis.shares = found
        over = (first_over(gaps) for run, gaps in found.items() if run not in excused)
        gap = next(filter(None, over), None)
        if gap is None:
            return diagnosis
        inside = list(in_a), list(in_b)
        flip = rounding_flip(a, b, in_a, in_b, gap)
        if flip:
            excused.add(gap.run)
            diagnosis.divergences.append(Divergence(gap, inside, flip=flip))
            continue
        say(f"{gap}: trying what is known")
        cause = find_cause(a, b, in_a, in_b, found, gap, scout)
        diagnosis.divergences.append(Divergence(gap, inside, cause))
        if cause is None:
            return diagnosis
        (in_a if cause.culprit == b.name else in_b).append(cause.suspects[0])


def compare(a: Side, b: Side, in_a: list[str], in_b: list[str]) -> dict[str, list[Gap]]:
    """The gaps of every run."""
    ours, theirs = a.trace(in_a), b.trace(in_b)
    lesson, dtype = a.setting.lesson, a.setting.dtype
    result = {}
    for run in dict.fromkeys([*ours.runs, *theirs.runs]):
        both = ours.runs.get(run, []), theirs.runs.get(run, [])
        result[run] = list(gaps(run, *both, lesson, dtype))
    return result


def find_cause(
    a: Side, b: Side, in_a: list[str], in_b: list[str], found: dict[str, list[Gap]], gap: Gap,
    scout: Side,
) -> Cause | None:  # fmt: skip
    """The suspects that explain a divergence best; None where no known one does.

    What explains the run to its end is looked for in one side, then in the other. A suspect that
    only delays the divergence may be a second mistake that hides the first: both sides are asked.
    """
    held = {run: count_held(gaps) for run, gaps in found.items()}
    most, cause = held[gap.run], None
    for innocent, culprit, inside, outside in ((a, b, in_a, in_b), (b, a, in_b, in_a)):
        if innocent.is_file:
            continue
        file = culprit.trace_file(outside)
        trial = Trial(innocent, scout, [*innocent.injections, *inside], file)
        suspects = [name for name in INJECTIONS if name not in trial.base]
        here = trial.search(gap.run, suspects, held[gap.run])
        better = [name for name, count in here.items() if count > most]
        gains = trial.elsewhere(better, held, gap.run)
        able = [name for name in better if min(gains[name], default=0) >= 0]  # no cause harms a run
        top = max((here[name] for name in able), default=most)
        if able and top > trial.control(gap.run):
            best = [name for name in able if here[name] == top]
            widest = max(sum(gains[name]) for name in best)
            suspects = [name for name in best if sum(gains[name]) == widest]
            most, cause = top, Cause(tuple(suspects), culprit.name, len(here))
        if most == len(culprit.trace(outside).runs[gap.run]):
            break
    return cause


@dataclass(frozen=True)
class Trial:
    """Suspects, each planted in one side, against the trace of the other."""

    side: Side
    scout: Side
    base: list[str]  # the plants that are in it anyway
    against: Path

    def search(self, run: str, suspects: list[str], held: int) -> dict[str, int]:
        """How many quantities of this run each explains; not those that cannot show in it."""
        if self.side.name != self.scout.name:
            seen = self.reached(self.scout, run, suspects)
            guilty = [name for name, count in seen.items() if count == max(seen.values()) > held]
            here = self.reached(self.side, run, guilty) if guilty else {}
            if max(here.values(), default=0) > held:
                return seen | here
        return self.reached(self.side, run, suspects)

    def control(self, run: str) -> int:
        """How many quantities are explained by what changes nothing."""
        return max(self.reached(self.side, run, list(CONTROLS)).values())

    def reached(self, side: Side, run: str, suspects: list[str]) -> dict[str, int]:
        """The same, asked of one side only."""
        answer = side.ask(
            "suppose", injections=self.base, candidates=suspects, run=run, against=str(self.against)
        )
        return dict(answer["reached"])

    def elsewhere(
        self, suspects: list[str], held: dict[str, int], run: str
    ) -> dict[str, list[int]]:
        """How many quantities more each explains in every other run in which it can show."""
        gains: dict[str, list[int]] = {name: [] for name in suspects}
        for other in held:
            if other != run and suspects:
                for name, count in self.reached(self.scout, other, suspects).items():
                    gains[name].append(count - held[other])
        return gains

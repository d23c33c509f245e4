"""Compare two traces quantity by quantity, up to the first that is over its budget.

A diverging run is compared as long as its numbers are finite. From the first quantity that is not
finite in both traces, the remaining steps are not compared; a quantity that is finite in only one
trace is an infinite gap. The calls of `epoch` at the end of a trace start afresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from compare.comparison import Judged
from compare.diverge.sketch import Sketch
from compare.diverge.tolerance import SAME_BITS, Allowance


@dataclass(frozen=True)
class Gap(Judged):
    """One quantity in two traces."""

    run: str
    step: int
    stage: str
    tensor: str
    gap: float  # about ‖a − b‖
    budget: float
    ours: float  # the norms
    theirs: float
    why: str = ""  # why there is no gap to measure: the other trace has no such quantity
    compared: bool = True  # False once both runs have overflowed

    def __str__(self) -> str:
        where = f"step {self.step}, " if self.step >= 0 else ""
        what = self.stage if self.stage == self.tensor else f"{self.stage}, {self.tensor}"
        return f"{self.run}: {where}{what}"


def gaps(
    run: str, ours: Iterable[Sketch], theirs: Iterable[Sketch], lesson: int, dtype: str
) -> Iterator[Gap]:
    """Yield a gap per quantity, as long as both traces have the same ones; the last may be over."""
    allowance = Allowance(lesson, dtype)
    others, stage = iter(theirs), ""
    overflowed = False  # whether both have
    for a in ours:
        b = next(others, None)
        if b is None or a.place != b.place:
            why = "the other run has ended" if b is None else f"the other: {b.stage} {b.tensor}"
            yield Gap(run, a.step, a.stage, a.tensor, float("inf"), 0.0, a.norm, 0.0, why)
            return
        if a.stage == "epoch" != stage:
            overflowed = False
        stage = a.stage
        overflowed |= stage not in SAME_BITS and not (a.finite or b.finite)
        gap, budget = (0.0, 0.0) if overflowed else (a.distance(b), allowance.of(a))
        yield Gap(
            run, a.step, stage, a.tensor, gap, budget, a.norm, b.norm, compared=not overflowed
        )
    b = next(others, None)
    if b is not None:
        why = "the other run continues"
        yield Gap(run, b.step, b.stage, b.tensor, float("inf"), 0.0, 0.0, b.norm, why)


def count_within_budget(gaps: Iterable[Gap]) -> int:
    """How many gaps are within budget before the first that is over. Looks no further.

    Gaps that are not compared count: both runs have overflowed together.
    """
    return sum(1 for _ in takewhile(lambda gap: gap.holds, gaps))


def first_over(gaps: Iterable[Gap]) -> Gap | None:
    """The first gap over its budget; None if there is none. Looks no further."""
    return next((gap for gap in gaps if not gap.holds), None)

"""The first quantity of two traces that differs by more than its budget.

A run that diverges is compared while it is a run. From the first quantity that is no longer finite
in either trace, the steps of both hold no numbers, and nothing is said of them; that one is finite
where the other is not is a gap that no budget allows. The first epoch once more, at the end of a
trace, is a run of its own.
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
    why: str = ""  # where there is no gap to speak of: the other has no such quantity
    compared: bool = True  # False where both runs have overflowed before, or here

    def __str__(self) -> str:
        where = f"step {self.step}, " if self.step >= 0 else ""
        what = self.stage if self.stage == self.tensor else f"{self.stage}, {self.tensor}"
        return f"{self.run}: {where}{what}"


def gaps(
    run: str, ours: Iterable[Sketch], theirs: Iterable[Sketch], lesson: int, dtype: str
) -> Iterator[Gap]:
    """Quantity by quantity, as long as both runs go the same way; the last one may be over."""
    allowance = Allowance(lesson, dtype)
    others, stage = iter(theirs), ""
    overflowed = False  # both of them, and so without numbers
    for a in ours:
        b = next(others, None)
        if b is None or a.place != b.place:
            why = "the run is over" if b is None else f"it is at {b.stage} {b.tensor}"
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
        yield Gap(run, b.step, b.stage, b.tensor, float("inf"), 0.0, 0.0, b.norm, "it goes on")


def count_held(found: Iterable[Gap]) -> int:
    """How many keep their budgets before the first that breaks it. Looks no further.

    With those that are not compared: whoever has overflowed together has kept together so far.
    """
    return sum(1 for _ in takewhile(lambda gap: gap.holds, found))


def first_over(found: Iterable[Gap]) -> Gap | None:
    """The first that breaks its budget; None if all hold. Looks no further."""
    return next((gap for gap in found if not gap.holds), None)

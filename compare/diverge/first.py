"""The first quantity of two traces that differs by more than its budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from compare.comparison import Judged
from compare.diverge.budget import Allowance
from compare.diverge.quantity import Sketch


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

    def __str__(self) -> str:
        where = f"step {self.step}, " if self.step >= 0 else ""
        what = self.stage if self.stage == self.tensor else f"{self.stage}, {self.tensor}"
        return f"{self.run}: {where}{what}"


def gaps(
    run: str, ours: Iterable[Sketch], theirs: Iterable[Sketch], lesson: int, dtype: str
) -> Iterator[Gap]:
    """Quantity by quantity, as long as both runs go the same way; the last one may be over."""
    allowance = Allowance(lesson, dtype)
    others = iter(theirs)
    for a in ours:
        b = next(others, None)
        if b is None or a.place != b.place:
            why = "the run is over" if b is None else f"it is at {b.stage} {b.tensor}"
            yield Gap(run, a.step, a.stage, a.tensor, float("inf"), 0.0, a.norm, 0.0, why)
            return
        yield Gap(run, a.step, a.stage, a.tensor, a.distance(b), allowance.of(a), a.norm, b.norm)
    b = next(others, None)
    if b is not None:
        yield Gap(run, b.step, b.stage, b.tensor, float("inf"), 0.0, 0.0, b.norm, "it goes on")


def count_held(found: Iterable[Gap]) -> int:
    """How many keep their budgets before the first that breaks it. Looks no further."""
    return sum(1 for _ in takewhile(lambda gap: gap.holds, found))


def first_over(found: Iterable[Gap]) -> Gap | None:
    """The first that breaks its budget; None if all hold. Looks no further."""
    return next((gap for gap in found if not gap.holds), None)

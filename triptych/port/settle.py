"""Settle ties: units of equal shape whose places the structure does not tell apart.

Of two branches of equal shapes a full mapping proves nothing. Exchanging two partners and carrying
the weights over anew either makes gaps vanish or brings some.
"""

from __future__ import annotations

from itertools import combinations

from triptych.port.matching import Matching
from triptych.port.pairing import Pair

LARGE = 1e-3  # relative: another layer's values, where settings alone may differ less
TRIES = 60  # exchanges in all; each runs B once


def settle(matching: Matching) -> list[str]:
    """Exchange partners where that helps; a line for each tie beside which gaps are left."""
    tied = ties(matching)
    wrong = wrong_inputs(matching) if tied else set()
    tries = 0
    while wrong and tries < TRIES:
        before = len(wrong)
        for tie in [tie for tie in tied if touches(matching, tie, wrong)]:
            exchange(matching, *tie)
            tries += 1
            now = wrong_inputs(matching)
            if len(now) < len(wrong):
                wrong = now
            else:
                exchange(matching, *tie)
        if len(wrong) == before:
            break
    return [
        " or ".join(matching.b.units[matching.pairs[i].b].name for i in tie)
        + f" for {matching.a.units[matching.pairs[tie[0]].a].name}"
        for tie in tied
        if touches(matching, tie, wrong)
    ]


def ties(matching: Matching) -> list[tuple[int, int]]:
    """Positions of pairs that could be exchanged: the same kind and shapes, about as good."""
    return [
        (i, j)
        for i, j in combinations(range(len(matching.pairs)), 2)
        if matching.pairs[j].b in matching.pairs[i].rivals
        or matching.pairs[i].b in matching.pairs[j].rivals
    ]


def touches(matching: Matching, tie: tuple[int, int], wrong: set[int]) -> bool:
    """Whether a wrong input belongs to a tied unit, or to one that reads from it."""
    near = set[int]()
    for i in tie:
        unit = matching.b.units[matching.pairs[i].b]
        near |= {unit.index, *unit.targets}
    return bool(near & wrong)


def exchange(matching: Matching, i: int, j: int) -> None:
    """Let two units of A change partners, and carry the weights over anew."""
    x, y = matching.pairs[i], matching.pairs[j]
    matching.pairs[i], matching.pairs[j] = Pair(x.a, y.b, x.score), Pair(y.a, x.b, y.score)
    matching.carry()


def wrong_inputs(matching: Matching) -> set[int]:
    """The units of B that are fed other numbers than in A, by more than a setting explains."""
    gaps = matching.comparison().gaps()
    wrong = {gap.at for gap in gaps if gap.what == "in" and not gap.size <= LARGE}
    return {u.index for u in matching.b.units if wrong & set(u.calls)}

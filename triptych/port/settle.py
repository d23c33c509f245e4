"""Settle ties: units of equal shape whose places the structure does not tell apart.

Of two branches of equal shapes a full mapping proves nothing. Exchanging two partners and carrying
the weights over anew either makes gaps vanish or brings some.
"""

from __future__ import annotations

from itertools import combinations, permutations

from triptych.port.matching import Matching
from triptych.port.pairing import Pair

LARGE = 1e-3  # relative: another layer's values, where settings alone may differ less
TRIES = 60  # assignments in all; each runs B once
LARGEST_GROUP = 4  # of units of which every order is tried: queries, keys, values and outputs


def settle(matching: Matching) -> list[str]:
    """Exchange partners where that helps; a line for each tie beside which gaps are left."""
    tied = ties(matching)
    wrong = wrong_inputs(matching) if tied else set()
    tries = 0
    for group in groups(tied):
        members = {i for tie in group for i in tie}
        if not wrong or tries >= TRIES or not any(touches(matching, tie, wrong) for tie in group):
            continue
        if len(members) <= LARGEST_GROUP:
            orders = [list(order) for order in permutations(sorted(members))]
        else:
            orders = [exchanged(sorted(members), tie) for tie in group]
        for order in orders:
            before = assign(matching, sorted(members), order)
            tries += 1
            now = wrong_inputs(matching)
            if len(now) < len(wrong):
                wrong = now
            else:
                undo(matching, sorted(members), before)
    return [
        " or ".join(matching.b.units[matching.pairs[i].b].name for i in tie)
        + f" for {matching.a.units[matching.pairs[tie[0]].a].name}"
        for tie in tied
        if touches(matching, tie, wrong) and are_rivals(matching, *tie)
    ]


def ties(matching: Matching) -> list[tuple[int, int]]:
    """Positions of pairs that could be exchanged: the same kind and shapes, about as good."""
    return [
        (i, j)
        for i, j in combinations(range(len(matching.pairs)), 2)
        if are_rivals(matching, i, j) or are_siblings(matching, i, j)
    ]


def are_rivals(matching: Matching, i: int, j: int) -> bool:
    """Whether structure and names did not tell two units apart."""
    x, y = matching.pairs[i], matching.pairs[j]
    return y.b in x.rivals or x.b in y.rivals


def are_siblings(matching: Matching, i: int, j: int) -> bool:
    """Whether two units of B read the same and have equal shapes, as queries, keys and values."""
    x, y = (matching.b.units[matching.pairs[k].b] for k in (i, j))
    read = [matching.b.entry(matching.b.tape.steps[unit.calls[0]]) for unit in (x, y)]
    return read[0] == read[1] and x.kind == y.kind and x.shapes == y.shapes


def touches(matching: Matching, tie: tuple[int, int], wrong: set[int]) -> bool:
    """Whether a wrong input belongs to a tied unit, or to one that reads from it."""
    near = set[int]()
    for i in tie:
        unit = matching.b.units[matching.pairs[i].b]
        near |= {unit.index, *unit.targets}
    return bool(near & wrong)


def groups(tied: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The ties that hang together."""
    found: list[list[tuple[int, int]]] = []
    for tie in tied:
        joined = [group for group in found if any(set(tie) & set(other) for other in group)]
        found = [group for group in found if group not in joined]
        found.append([tie, *(other for group in joined for other in group)])
    return found


def exchanged(members: list[int], tie: tuple[int, int]) -> list[int]:
    """The order with two partners exchanged."""
    return [tie[1] if i == tie[0] else tie[0] if i == tie[1] else i for i in members]


def assign(matching: Matching, members: list[int], order: list[int]) -> list[Pair]:
    """Give the units of B at these positions other partners; returns the pairs before."""
    before = [matching.pairs[i] for i in members]
    partners = [matching.pairs[i].a for i in order]
    for i, partner in zip(members, partners, strict=True):
        matching.pairs[i] = Pair(partner, matching.pairs[i].b, matching.pairs[i].score)
    matching.carry()
    return before


def undo(matching: Matching, members: list[int], before: list[Pair]) -> None:
    """Take an assignment back."""
    for i, pair in zip(members, before, strict=True):
        matching.pairs[i] = pair
    matching.carry()


def wrong_inputs(matching: Matching) -> set[int]:
    """The units of B that are fed other numbers than in A, by more than a setting explains."""
    gaps = matching.comparison().gaps()
    wrong = {gap.at for gap in gaps if gap.what == "in" and not gap.size <= LARGE}
    return {u.index for u in matching.b.units if wrong & set(u.calls)}

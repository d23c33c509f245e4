"""Find which unit of A is which of B: by what they are, by their neighbours, by name and order.

Structural similarity is spread from neighbour to neighbour (Melnik, Garcia-Molina and Rahm,
*Similarity flooding*, ICDE 2002), and the assignment is the best one in total
(scipy.optimize.linear_sum_assignment). Names do not follow execution order, so order alone does not
settle it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from triptych.port.layers.unit import Unit

Matrix = npt.NDArray[np.float64]

ROUNDS = 12  # of spreading; the deepest model measured, 186 units, changes no pair after eight
NEIGHBOURS = 0.45  # what sources and what targets weigh against a unit's own likeness of 1
STRUCTURE = 3.0  # what the spread similarity weighs in the end
ORDER, PLACE, NAME = 0.03, 0.02, 0.15
SLOT = 0.3  # for the same place in a concatenation
OTHER_POOL = 0.6  # of a unit's likeness, if another kind of pooling stands in front of it
ROLE_AGREES, ROLE_DIFFERS = 0.5, -0.3
OTHER_NORM = 0.5  # a layer norm for a group norm, or the other way round
IMPOSSIBLE = -5.0
CLOSE = 0.02  # another partner as good as this leaves a pair open
ROLES = {
    "query": r"query|q_proj|\bq\b|q_lin",
    "key": r"\bkey|k_proj|\bk\b|k_lin",
    "value": r"value|v_proj|\bv\b|v_lin",
}
MAIN = ("weight", "weight_ih", "value", "running_mean", "bias")


@dataclass(frozen=True)
class Pair:
    """Two units that hold the same layer.

    score: how alike they are, at most about 4. rivals: other units of B that were as good.
    """

    a: int
    b: int
    score: float
    rivals: tuple[int, ...] = ()


def pair(a: Sequence[Unit], b: Sequence[Unit], fixed: Sequence[tuple[int, int]] = ()) -> list[Pair]:
    """The best assignment; fixed: pairs that the user settled. Unmatched units are left out."""
    if not a or not b:
        return []
    own = np.array([[likeness(x, y) * pooled_alike(x, y) for y in b] for x in a])
    for i, j in fixed:
        own[i, :], own[:, j] = 0, 0
        own[i, j] = 1
    possible = own > 0
    score = np.where(possible, own + STRUCTURE * spread(own, a, b) + prior(a, b), IMPOSSIBLE)
    pairs = []
    for i, j in zip(*linear_sum_assignment(-score), strict=True):
        if possible[i, j]:
            rivals = np.flatnonzero(possible[i] & (score[i] > score[i, j] - CLOSE))
            others = tuple(int(r) for r in rivals if r != j)
            pairs.append(Pair(int(i), int(j), float(score[i, j]), others))
    return pairs


def likeness(a: Unit, b: Unit) -> float:
    """How well two units fit without looking around: 0 is not at all, 1 fully."""
    if "free" in (a.kind, b.kind):
        return like_free(a, b)
    if {a.kind, b.kind} == {"layer normalization", "group normalization"}:
        return OTHER_NORM if a.shapes == b.shapes else 0.0
    if a.kind != b.kind and {a.kind, b.kind} != {"convolution", "dense"}:
        return 0.0
    x, y = a.shapes, b.shapes
    main = next((name for name in MAIN if name in x and name in y), None)
    if main is None:
        return 0.0
    if x[main] == y[main]:
        return 1.0 - 0.1 * len(set(x) ^ set(y))
    if a.kind == b.kind == "embedding":  # of another number of rows
        return 0.3 if x[main][1:] == y[main][1:] and abs(x[main][0] - y[main][0]) < 8 else 0.0
    both_dense = squeezed(x[main]) == squeezed(y[main])
    flattened = a.kind != b.kind and x[main][0] == y[main][0] and size(x[main]) == size(y[main])
    return 0.8 if both_dense or flattened else 0.0


def pooled_alike(a: Unit, b: Unit) -> float:
    """Less than 1 if another kind of pooling stands in front."""
    return 1.0 if a.pooled == b.pooled else OTHER_POOL


def like_free(a: Unit, b: Unit) -> float:
    """A parameter outside known layers fits any single one of its shape, in any order of axes."""
    x, y = list(a.shapes.values()), list(b.shapes.values())
    if len(x) != 1 or len(y) != 1 or sorted(squeezed(x[0])) != sorted(squeezed(y[0])):
        return 0.0
    return 0.9 if a.kind == b.kind else 0.6


def spread(own: Matrix, a: Sequence[Unit], b: Sequence[Unit]) -> Matrix:
    """Similarity with that of the neighbours mixed in, round after round; at most 1."""
    score, possible = own, own > 0
    for _ in range(ROUNDS):
        before = neighbours(score, possible, [u.sources for u in a], [u.sources for u in b])
        after = neighbours(score, possible, [u.targets for u in a], [u.targets for u in b])
        score = np.where(possible, own + NEIGHBOURS * (before + after), 0)
        score = score / max(score.max(), 1e-12)
    return score


def neighbours(
    score: Matrix, possible: npt.NDArray[np.bool_], a: Sequence[set[int]], b: Sequence[set[int]]
) -> Matrix:
    """For each possible pair, how alike their neighbours are; both without any are fully alike."""
    mean = np.zeros_like(score)
    for i, j in zip(*np.nonzero(possible), strict=True):
        x, y = list(a[i]), list(b[j])
        if x and y:
            among = score[np.ix_(x, y)]
            mean[i, j] = (among.max(0).sum() + among.max(1).sum()) / (len(x) + len(y))
        elif not x and not y:
            mean[i, j] = 1
    return mean


def prior(a: Sequence[Unit], b: Sequence[Unit]) -> Matrix:
    """What order and names add."""
    rank_a, rank_b = ranks(a), ranks(b)
    place_a, place_b = np.arange(len(a)) / len(a), np.arange(len(b)) / len(b)
    value = -ORDER * np.minimum(np.abs(rank_a[:, None] - rank_b[None]), 6)
    value -= PLACE * np.abs(place_a[:, None] - place_b[None])
    words_a, words_b = [words(u.name) for u in a], [words(u.name) for u in b]
    roles_a, roles_b = [role(u.name) for u in a], [role(u.name) for u in b]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x.kind != y.kind:
                continue
            if x.slots and y.slots:
                value[i, j] += SLOT * len(x.slots & y.slots) / len(x.slots | y.slots)
            value[i, j] += NAME * SequenceMatcher(None, words_a[i], words_b[j]).ratio()
            if roles_a[i] and roles_b[j]:
                value[i, j] += ROLE_AGREES if roles_a[i] == roles_b[j] else ROLE_DIFFERS
    return value


def ranks(units: Sequence[Unit]) -> Matrix:
    """How many units of the same kind and shape come before each."""
    seen: dict[tuple[str, str], int] = {}
    result = np.zeros(len(units))
    for i, unit in enumerate(units):
        key = (unit.kind, str(sorted(unit.shapes.items())[-1:]))
        result[i] = seen.get(key, 0)
        seen[key] = seen.get(key, 0) + 1
    return result


def role(name: str) -> str:
    """query, key or value, if the end of a name says so."""
    end = " ".join(re.split(r"[./]", name.lower().replace("_dense", ""))[-2:])
    return next((role for role, pattern in ROLES.items() if re.search(pattern, end)), "")


def words(name: str) -> str:
    """A name's letters only, since numbers are counted differently."""
    return re.sub(r"[^a-z]+", " ", name.lower())


def squeezed(shape: Sequence[int]) -> tuple[int, ...]:
    """A shape without axes of length 1."""
    return tuple(n for n in shape if n != 1)


def size(shape: Sequence[int]) -> int:
    """The number of entries."""
    return math.prod(shape)

"""Matrices whose numbers are followed, so that a check sees *how* their product was made.

Each element is an object that knows from which entries it was computed. Its value leaves it (as a
float, in a comparison) only once it is a part of an entry of the product: then the multiplication
has been done, one pair of numbers at a time. A ready-made product is known by its footprint: one
single instruction of a Python program both multiplied and added. So it does not matter by which
name, attribute or library a product was found, nor whether NumPy's own type was stripped.

    A, B = matrices followed in `Followed.call`
    sum(row * column)     multiplies in one instruction and adds in another
    A @ B, A.dot(B), …    do both in the same one
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from numbers import Number
from typing import Any, Final

import numpy as np

READY_MADE: Final = "ready-made"  # one instruction has multiplied and added
TAKEN_OUT: Final = "taken out"  # a number of a matrix was wanted bare, before it was multiplied

Array = np.ndarray[Any, np.dtype[Any]]
Terms = frozenset[tuple[tuple[int, int, int], ...]]  # products of entries: (matrix, row, column)
CONSTANT: Final[Terms] = frozenset({()})


class Matrix(np.ndarray[Any, np.dtype[Any]]):
    """A matrix of followed numbers, which stay what they are where another dtype is asked for."""

    def astype(self, dtype: Any, *more: Any, **how: Any) -> Any:
        return self.copy() if _holds_numbers(self) else super().astype(dtype, *more, **how)


class Followed:
    """A number that is followed. What it is worth, its maker alone knows."""

    __slots__ = ("_name",)
    _name: int


def follow(a: Array, b: Array) -> tuple[list[Matrix], Callable[[Any], Any], set[str]]:
    """Two matrices (n, k), (k, m) to be multiplied by somebody who is watched.

    Returns the matrices, a function that gives back what they were made into as plain numbers, and
    the set into which READY_MADE and TAKEN_OUT are put when they happen.
    """
    # In here and not in the objects: whoever holds a number should not find its value in it.
    noticed: set[str] = set()
    names = count()
    values: dict[int, Any] = {}
    made_of: dict[int, Terms] = {}
    product: list[Any] = [None, 0]  # the frame that multiplied last, and its instruction

    class Entry(Followed):
        __slots__ = ()

        def __mul__(self, other: Any) -> Any:
            if (known := of(other)) is None:
                return NotImplemented
            frame = sys._getframe(1)
            product[:] = frame, frame.f_lasti
            mine = made_of[self._name]
            terms = frozenset(tuple(sorted(s + t)) for s in mine for t in known[1])
            return entry(values[self._name] * known[0], terms)

        def __add__(self, other: Any) -> Any:
            if (known := of(other)) is None:
                return NotImplemented
            frame = sys._getframe(1)
            if frame is product[0] and frame.f_lasti == product[1]:
                noticed.add(READY_MADE)
            return entry(values[self._name] + known[0], made_of[self._name] | known[1])

        __rmul__, __radd__ = __mul__, __add__

        def __sub__(self, other: Any) -> Any:
            return self + -other if of(other) else NotImplemented

        def __rsub__(self, other: Any) -> Any:
            return -self + other if of(other) else NotImplemented

        def __neg__(self) -> Any:
            return entry(-values[self._name], made_of[self._name])

        def __pos__(self) -> Any:
            return self

        def __truediv__(self, other: Any) -> Any:
            plain = isinstance(other, Number)
            return (
                entry(values[self._name] / other, made_of[self._name]) if plain else NotImplemented
            )

        def conjugate(self) -> Any:
            return self

        def __float__(self) -> float:
            return float(taken(self))

        def __int__(self) -> int:
            return int(taken(self))

        def __bool__(self) -> bool:  # to leave out the zeros is a good idea
            return bool(values[self._name] != 0)

        def __eq__(self, other: object) -> bool:
            if isinstance(other, (bool, int, float, complex)) and other == 0:
                return not self
            return bool(taken(self) == bare(other))

        def __lt__(self, other: Any) -> bool:
            return bool(taken(self) < bare(other))

        def __gt__(self, other: Any) -> bool:
            return bool(taken(self) > bare(other))

        __hash__ = object.__hash__

        def __copy__(self) -> Any:
            return self

        def __deepcopy__(self, memo: Any) -> Any:
            return self

        def __repr__(self) -> str:
            return "(a number)"

        def __format__(self, how: str) -> str:
            return repr(self)

    def entry(value: Any, terms: Terms) -> Entry:
        made = Entry()
        made._name = next(names)
        values[made._name], made_of[made._name] = value, terms
        return made

    def of(other: Any) -> tuple[Any, Terms] | None:
        if isinstance(other, Entry):
            return values[other._name], made_of[other._name]
        return (other, CONSTANT) if isinstance(other, Number) else None

    def taken(one: Entry) -> Any:
        if not _part_of_an_entry(made_of[one._name]):
            noticed.add(TAKEN_OUT)
        return values[one._name]

    def bare(other: Any) -> Any:
        return taken(other) if isinstance(other, Entry) else other

    def released(value: Any, depth: int = 3) -> Any:
        if isinstance(value, Entry):
            return values[value._name]
        if isinstance(value, np.ndarray):
            plain = np.asarray(value)
            return np.array(released(plain.tolist(), 8)) if plain.dtype == object else plain
        if type(value) in (list, tuple) and depth:
            return type(value)(released(item, depth - 1) for item in value)
        return value

    matrices = []
    for which, numbers in enumerate((a, b)):
        matrix = np.empty(numbers.shape, object).view(Matrix)
        for (i, j), value in np.ndenumerate(numbers):
            matrix[i, j] = entry(value.item(), frozenset({((which, i, j),)}))
        matrices.append(matrix)
    return matrices, released, noticed


@contextmanager
def tolerant(names: dict[str, Any]) -> Iterator[None]:
    """For a while, in NumPy and among these names, what would give honest work a wrong footprint.

    `operator.mul` handed to a `map` is the student's own multiplication, and gets an instruction of
    its own; and np.asarray(A, float) leaves followed numbers as they are.
    """
    swaps: dict[Any, Any] = {f: _keeping(f) for f in (np.array, np.asarray, np.asanyarray)}
    swaps |= {operator.mul: _mul}
    homes = (vars(np), vars(operator), names)
    swapped = [
        (home, name, value) for home in homes for name, value in list(home.items())
        if any(value is original for original in swaps)
    ]  # fmt: skip
    for home, name, value in swapped:
        home[name] = swaps[value]
    try:
        yield
    finally:
        for home, name, value in swapped:
            home[name] = value


def _mul(a: Any, b: Any) -> Any:
    return a * b


def _keeping(original: Callable[..., Any]) -> Callable[..., Any]:
    def convert(values: Any, dtype: Any = None, *more: Any, **how: Any) -> Any:
        if dtype is not None:
            whole = original(values, *more, **how)
            if _holds_numbers(whole):
                return whole
        return original(values, dtype, *more, **how)

    return convert


def _holds_numbers(array: Array) -> bool:
    return array.dtype == object and any(isinstance(one, Followed) for one in array.flat)


def _part_of_an_entry(terms: Terms) -> bool:
    """Whether these are products of a row's numbers with those of one column, each with its own."""
    products = terms - CONSTANT
    if any([which for which, _, _ in term] != [0, 1] for term in products):
        return False
    met = all(left[2] == right[1] for left, right in products)
    return met and len({(left[1], right[2]) for left, right in products}) == 1

"""Matrices whose numbers are followed, so that a check sees *how* their product was computed.

Each element is an object that knows from which entries it was computed. Its value may be read (as a
float, or in a comparison) only when it is part of an entry of the product: then the multiplication
was done one pair of numbers at a time. A ready-made product is recognized by its footprint: a
single instruction of a Python program both multiplied and added. So the name, attribute or library
of a ready-made product does not matter, and neither does the type of the arrays.

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

READY_MADE: Final = "ready-made"  # one instruction has both multiplied and added
TAKEN_OUT: Final = "taken out"  # the value of an entry was read before it was multiplied

Array = np.ndarray[Any, np.dtype[Any]]
Terms = frozenset[tuple[tuple[int, int, int], ...]]  # products of entries: (matrix, row, column)
CONSTANT: Final[Terms] = frozenset({()})


class Matrix(np.ndarray[Any, np.dtype[Any]]):
    """A matrix of followed numbers; `astype` does not convert them."""

    def astype(self, dtype: Any, *arguments: Any, **options: Any) -> Any:
        return self.copy() if _holds_numbers(self) else super().astype(dtype, *arguments, **options)


class Followed:
    """A followed number. Its value is stored in `follow`, not in the object."""

    __slots__ = ("_name",)
    _name: int


def follow(a: Array, b: Array) -> tuple[list[Matrix], Callable[[Any], Any], set[str]]:
    """Make followed copies of two matrices, (n, k) and (k, m).

    Returns the copies, a function that converts a result to plain numbers, and a set to which
    READY_MADE and TAKEN_OUT are added when they happen.
    """
    # Stored here and not in the objects, so that a student's code cannot read the values.
    noticed: set[str] = set()
    names = count()
    values: dict[int, Any] = {}
    made_of: dict[int, Terms] = {}
    product: list[Any] = [None, 0]  # frame and instruction of the last multiplication

    class Entry(Followed):
        __slots__ = ()

        def __mul__(self, other: Any) -> Any:
            if (right := content(other)) is None:
                return NotImplemented
            frame = sys._getframe(1)
            product[:] = frame, frame.f_lasti
            left = made_of[self._name]
            terms = frozenset(tuple(sorted(s + t)) for s in left for t in right[1])
            return entry(values[self._name] * right[0], terms)

        def __add__(self, other: Any) -> Any:
            if (right := content(other)) is None:
                return NotImplemented
            frame = sys._getframe(1)
            if frame is product[0] and frame.f_lasti == product[1]:
                noticed.add(READY_MADE)
            return entry(values[self._name] + right[0], made_of[self._name] | right[1])

        __rmul__, __radd__ = __mul__, __add__

        def __sub__(self, other: Any) -> Any:
            return self + -other if content(other) else NotImplemented

        def __rsub__(self, other: Any) -> Any:
            return -self + other if content(other) else NotImplemented

        def __neg__(self) -> Any:
            return entry(-values[self._name], made_of[self._name])

        def __pos__(self) -> Any:
            return self

        def __truediv__(self, other: Any) -> Any:
            if not isinstance(other, Number):
                return NotImplemented
            return entry(values[self._name] / other, made_of[self._name])

        def conjugate(self) -> Any:
            return self

        def __float__(self) -> float:
            return float(read(self))

        def __int__(self) -> int:
            return int(read(self))

        def __bool__(self) -> bool:  # skipping zeros is allowed
            return bool(values[self._name] != 0)

        def __eq__(self, other: object) -> bool:
            if isinstance(other, (bool, int, float, complex)) and other == 0:
                return not self
            return bool(read(self) == plain(other))

        def __lt__(self, other: Any) -> bool:
            return bool(read(self) < plain(other))

        def __gt__(self, other: Any) -> bool:
            return bool(read(self) > plain(other))

        __hash__ = object.__hash__

        def __copy__(self) -> Any:
            return self

        def __deepcopy__(self, memo: Any) -> Any:
            return self

        def __repr__(self) -> str:
            return "(a number)"

        def __format__(self, spec: str) -> str:
            return repr(self)

    def entry(value: Any, terms: Terms) -> Entry:
        result = Entry()
        result._name = next(names)
        values[result._name], made_of[result._name] = value, terms
        return result

    def content(other: Any) -> tuple[Any, Terms] | None:
        if isinstance(other, Entry):
            return values[other._name], made_of[other._name]
        return (other, CONSTANT) if isinstance(other, Number) else None

    def read(number: Entry) -> Any:
        if not _part_of_an_entry(made_of[number._name]):
            noticed.add(TAKEN_OUT)
        return values[number._name]

    def plain(other: Any) -> Any:
        return read(other) if isinstance(other, Entry) else other

    def released(value: Any, depth: int = 3) -> Any:
        if isinstance(value, Entry):
            return values[value._name]
        if isinstance(value, np.ndarray):
            array = np.asarray(value)
            return np.array(released(array.tolist(), 8)) if array.dtype == object else array
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
    """Replace functions that would give honest work a wrong footprint, in NumPy and in `names`.

    `operator.mul` in a `map` is the student's own multiplication, so it gets a Python function with
    its own instruction. np.asarray(A, float) does not convert followed numbers.
    """
    swaps: dict[Any, Any] = {
        f: _without_conversion(f) for f in (np.array, np.asarray, np.asanyarray)
    }
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


def _without_conversion(original: Callable[..., Any]) -> Callable[..., Any]:
    def convert(values: Any, dtype: Any = None, *arguments: Any, **options: Any) -> Any:
        if dtype is not None:
            array = original(values, *arguments, **options)
            if _holds_numbers(array):
                return array
        return original(values, dtype, *arguments, **options)

    return convert


def _holds_numbers(array: Array) -> bool:
    return array.dtype == object and any(isinstance(number, Followed) for number in array.flat)


def _part_of_an_entry(terms: Terms) -> bool:
    """Whether these are products of the numbers of one row with their partners in one column."""
    products = terms - CONSTANT
    if any([which for which, _, _ in term] != [0, 1] for term in products):
        return False
    partners = all(left[2] == right[1] for left, right in products)
    return partners and len({(left[1], right[2]) for left, right in products}) == 1

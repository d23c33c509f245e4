"""Pebble: arrays that record how they were computed, for automatic differentiation.

The smallest framework that can train a network; `solution.py` is its adapter. Every operation
returns a Tensor that stores its inputs and, for each of them, a function that maps the gradient by
the result to the gradient by that input. `gradients` walks from a result back to its origins,
newest first, because the inputs of a tensor are always older than it.

The walk stores nothing in the tensors, so nothing has to be reset before the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Pull = Callable[[Any], Any]  # the gradient by an operation's result → by one of its inputs

_age = count()


class Tensor:
    """An array of any shape, scalars included, and the operations on it."""

    __array_ufunc__ = None  # array * tensor calls __rmul__, instead of NumPy's loop over entries

    def __init__(self, data: Any, made_from: tuple[tuple[Tensor, Pull], ...] = ()) -> None:
        self.data, self.made_from, self.age = data, made_from, next(_age)

    def __add__(self, other: Any) -> Tensor:
        return made(self.data + plain(other), (self, lambda g: g), (other, lambda g: g))

    def __mul__(self, other: Any) -> Tensor:
        a, b = self.data, plain(other)
        return made(a * b, (self, lambda g: g * b), (other, lambda g: g * a))

    def __pow__(self, p: float) -> Tensor:
        a = self.data
        return made(a**p, (self, lambda g: g * (p * a ** (p - 1))))

    def __matmul__(self, other: Tensor) -> Tensor:
        a, b = self.data, other.data  # (n, k), (k, m)
        return made(a @ b, (self, lambda g: g @ b.T), (other, lambda g: a.T @ g))

    def __truediv__(self, other: Any) -> Tensor:
        return quotient(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return quotient(other, self)

    def __neg__(self) -> Tensor:
        return self * -1

    def __sub__(self, other: Any) -> Tensor:
        return self + -other

    def __rsub__(self, other: Any) -> Tensor:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self) -> Tensor:
        a = self.data
        return made(abs(a), (self, lambda g: g * np.sign(a)))

    def __getitem__(self, index: Any) -> Tensor:
        a = self.data

        def put_back(g: Array) -> Array:
            whole = np.zeros_like(a)
            np.add.at(whole, index, g)  # an entry that is taken twice gets both gradients
            return whole

        return made(a[index], (self, put_back))

    def sum(self, axis: int | None = None) -> Tensor:
        """Σ over one axis, or over everything."""
        a = self.data

        def spread(g: Array) -> Array:
            return np.broadcast_to(g if axis is None else np.expand_dims(g, axis), a.shape)

        return made(a.sum(axis), (self, spread))

    # Comparisons use the value, and have no gradient.
    def __lt__(self, other: Any) -> Any:
        return self.data < plain(other)

    def __le__(self, other: Any) -> Any:
        return self.data <= plain(other)

    def __gt__(self, other: Any) -> Any:
        return self.data > plain(other)

    def __ge__(self, other: Any) -> Any:
        return self.data >= plain(other)


def plain(x: Any) -> Any:
    """The array of a tensor; a number or an array stays as it is, so 2 · float32 is float32."""
    return x.data if isinstance(x, Tensor) else x


def made(value: Any, *inputs: tuple[Any, Pull]) -> Tensor:
    """A result, with the tensors among its inputs; constants need no gradient."""
    return Tensor(value, tuple((x, pull) for x, pull in inputs if isinstance(x, Tensor)))


def quotient(above: Any, below: Any) -> Tensor:
    """above / below, of which at least one is a tensor."""
    q, b = plain(above) / plain(below), plain(below)
    return made(q, (above, lambda g: g / b), (below, lambda g: -g * q / b))


def exp(x: Tensor) -> Tensor:
    """e to the x, which is its own derivative."""
    value = np.exp(x.data)
    return made(value, (x, lambda g: g * value))


def log(x: Tensor) -> Tensor:
    """The natural logarithm."""
    return made(np.log(x.data), (x, lambda g: g / x.data))


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent, from −1 to 1."""
    value = np.tanh(x.data)
    return made(value, (x, lambda g: g * (1 - value * value)))


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(−x)), by way of tanh, which cannot overflow."""
    value = 0.5 * (1 + np.tanh(0.5 * x.data))
    return made(value, (x, lambda g: g * value * (1 - value)))


def relu(x: Tensor) -> Tensor:
    """x where it is positive, else 0; its slope at 0 is 0."""
    return made(np.maximum(x.data, 0), (x, lambda g: np.where(x.data > 0, g, 0)))


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x)) without overflow; its slope is the sigmoid."""
    return made(np.logaddexp(0, x.data), (x, lambda g: g * (0.5 + 0.5 * np.tanh(0.5 * x.data))))


def gradients(result: Tensor, by: Sequence[Tensor]) -> list[Array]:
    """The gradient of the sum of `result` by each of these tensors, in their shapes.

    A tensor that the result does not depend on has a gradient of zeros.
    """
    involved, waiting = {id(result): result}, [result]
    while waiting:
        for origin, _ in waiting.pop().made_from:
            if id(origin) not in involved:
                involved[id(origin)] = origin
                waiting.append(origin)
    total: dict[int, Any] = {id(result): np.ones_like(result.data)}
    for tensor in sorted(involved.values(), key=lambda t: t.age, reverse=True):
        for origin, pull in tensor.made_from:
            share = fold(pull(total[id(tensor)]), np.shape(origin.data))
            total[id(origin)] = total.get(id(origin), 0) + share
    return [np.array(total.get(id(t), np.zeros_like(t.data))) for t in by]


def fold(g: Any, shape: tuple[int, ...]) -> Any:
    """Undo broadcasting: sum the gradient over the axes along which the input was repeated."""
    g = np.sum(g, axis=tuple(range(np.ndim(g) - len(shape))))
    repeated = tuple(i for i, width in enumerate(shape) if width == 1 and g.shape[i] != 1)
    return g.sum(axis=repeated, keepdims=True) if repeated else g

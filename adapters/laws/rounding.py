"""What rounding adds to a sum and to a function, and what a layer passes on of it.

ε is twice the error of one rounding; there is no other slack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.contract import Activation, Array, Layer

# The error of one call of exp, log, tanh or sqrt, in ε. The largest measured was 2.6 (Eigen's
# rational tanh in float32); the rest covers two or three operations that a backend fuses with it.
LIBRARY_CALL = 8

# The roundings of a long sum do not all point the same way. For n of them the error stays below
# λ·√n·u except with a probability of 2n·exp(−λ²/2) (Higham & Mary 2019), where u = ε/2 is one
# rounding. With λ = 8 that is below 1e-11 for a sum of 784, and below 1e-5 for all the sums of a
# lesson's probes together.
CONFIDENCE = 8

Function = Callable[[Array], Array]

# activation: its value, its derivative from the value, and the largest slope of each
ACTIVATIONS: dict[str, tuple[Function, Function, float, float]] = {
    "identity": (lambda z: z, lambda a: np.ones_like(a), 1.0, 0.0),
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a), 0.25, 1.0),
    "relu": (lambda z: np.where(z > 0, z, 0), lambda a: np.where(a > 0, 1.0, 0.0), 1.0, 0.0),
    "tanh": (np.tanh, lambda a: 1 - a * a, 1.0, 2.0),
}


@dataclass(frozen=True)
class Rounded:
    """Numbers in float64, and bounds on the error of computing them in another precision."""

    value: Array
    error: Array


@dataclass(frozen=True)
class Passed:
    """The forward pass of one layer."""

    layer: Layer
    weights: list[Array]
    read: Rounded
    gave: Rounded
    margins: Array  # (n,): each row's distance from a kink, in units of its error bound
    sides: list[Array]  # on which side of its kinks each number is
    inner: Any = None  # what the backward pass needs besides


# The error that a gradient brings along, and what its own sum adds.
Sum = tuple[Array, Array]


def summed(n: int, eps: float) -> float:
    """The relative error of a sum of n rounded terms, as a share of Σ|terms|.

    At most n·ε (Higham 2002, section 3.1), and for a long sum `CONFIDENCE`·√n·ε/2.
    """
    return min(n, CONFIDENCE / 2 * n**0.5) * eps


@dataclass(frozen=True)
class Rounding:
    """The precision, and how the errors of several numbers come together.

    In the worst case their sizes add up. Through a few dense layers that is near enough; through
    two blocks of a transformer it is ten million times too much. is_likely: independent errors add
    up as the root of the sum of their squares. Each is a bound here, of three standard deviations
    or more. Errors that are not independent, as those of equal pixels, meet in long sums, and the
    own error of a sum is larger: `summed` allows it 4·√n·ε of all its terms.
    """

    eps: float
    is_likely: bool = False

    def summed(self, n: int) -> float:
        """`summed` in this precision."""
        return summed(n, self.eps)

    def add(self, first: Array, *others: Any) -> Array:
        """The error of a sum of numbers with these errors."""
        for other in others:
            first = np.hypot(first, other) if self.is_likely else first + other
        return first

    def total(self, err: Array, axis: int | tuple[int, ...], keepdims: bool = False) -> Array:
        """The error of a sum along an axis."""
        if self.is_likely:
            return np.sqrt((err * err).sum(axis, keepdims=keepdims))
        return err.sum(axis, keepdims=keepdims)

    def mean(self, err: Array) -> Array:
        """The error of the mean over the last axis, which stays."""
        return self.total(err, -1, keepdims=True) / err.shape[-1]

    def times(self, err: Array, w: Array) -> Array:
        """The error of a·W, if a errs by err."""
        return np.sqrt(err**2 @ w**2) if self.is_likely else err @ np.abs(w)

    def of_terms(self, rule: Callable[[Array, Array], Array], err: Array, w: Array) -> Array:
        """The error of a sum of products with exact factors w; rule: which sum."""
        return np.sqrt(rule(err**2, w**2)) if self.is_likely else rule(err, np.abs(w))


def margin(gap: Array, err: Array) -> Array:
    """The smallest gap of each row in units of its error bound, (n,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = gap / err  # 0 / 0, an exact tie, counts as margin 0
    return np.nan_to_num(share, nan=0.0, posinf=np.inf).reshape(len(gap), -1).min(1)


def passed(layer: Layer, weights: list[Array], a: Rounded, gave: Rounded, inner: Any) -> Passed:
    """The pass of a layer without a kink."""
    return Passed(layer, weights, a, gave, np.full(len(a.value), np.inf), [], inner)


def activated(
    layer: Layer, weights: list[Array], a: Rounded, z: Array, err: Array, kind: Activation,
    r: Rounding,
) -> Passed:  # fmt: skip
    """The pass of a layer that ends in an activation of z, which errs by err."""
    function, _, slope, _ = ACTIVATIONS[kind]
    value = function(z)
    gave = Rounded(value, r.add(slope * err, LIBRARY_CALL * r.eps * np.abs(value)))
    if kind != "relu":
        return passed(layer, weights, a, gave, None)
    return Passed(layer, weights, a, gave, margin(np.abs(z), err), [z > 0])


def before_activation(kind: Activation, out: Rounded, g: Rounded, r: Rounding) -> Rounded:
    """The gradient by z, from that by the activation of z."""
    _, derivative, _, bend = ACTIVATIONS[kind]
    d = derivative(out.value)
    of_slope = np.abs(g.value) * r.add(bend * out.error, 4 * r.eps)
    return Rounded(g.value * d, r.add(g.error * np.abs(d), of_slope))


def product(a: Rounded, w: Array, r: Rounding) -> Rounded:
    """a · W over the last axis, for exact weights W (n_in, n_out)."""
    own = r.summed(len(w) + 1) * (np.abs(a.value) @ np.abs(w))
    return Rounded(a.value @ w, r.add(r.times(a.error, w), own))


def by_kernel(a: Rounded, g: Rounded, r: Rounding) -> Sum:
    """The error of the gradient by W of a·W, Σ a·g over all rows and places."""
    x, e, delta, err = (in_rows(part) for part in (a.value, a.error, g.value, g.error))
    carried = r.add(r.of_terms(lambda g, x: x.T @ g, err, x), r.times(e.T, delta))
    return carried, r.summed(len(x) + 1) * (np.abs(x).T @ np.abs(delta))


def by_shift(g: Rounded, r: Rounding) -> Sum:
    """The error of the gradient by a bias, Σ g over all rows and places."""
    delta, err = in_rows(g.value), in_rows(g.error)
    return r.total(err, 0), r.summed(len(delta)) * np.abs(delta).sum(0)


def in_rows(a: Array) -> Array:
    """(n, …, width) as (n · …, width)."""
    return a.reshape(-1, a.shape[-1])

"""Bounds on one backend's rounding errors: a running error analysis of forward and backward.

Each quantity is computed in float64, with a bound on the error of computing it in another
precision: a sum of products errs by `summed` in whatever order it is taken, a function multiplies
an error by its slope, and a product follows the product rule. Terms of ε² are left out. Two
backends may therefore differ by twice these bounds. The rules of each layer are in
`layer_bounds.py`; here they meet the loss and the penalty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from adapters.contract import Array, Net, Params
from adapters.laws.layer_bounds import backward, forward
from adapters.laws.rounding import (
    CONFIDENCE,
    LIBRARY_CALL,
    Passed,
    Rounded,
    Rounding,
    in_rows,
    margin,
    summed,
)

__all__ = [
    "CONFIDENCE",
    "LIBRARY_CALL",
    "Bounds",
    "bounds",
    "loss_terms",
    "margins",
    "sides",
    "summed",
]


@dataclass(frozen=True)
class Bounds:
    """Error bounds of one backend, entry by entry, and each row's distance from the kinks.

    A kink is where the slope jumps: at the zero of a relu or of a perceptron's score, and where two
    numbers of a max-pool's window are equal.
    """

    activations: list[Array]  # of each layer, (n, *shape) of `net.outputs`
    loss: float
    gradients: Params
    margins: Array  # (n,): the smallest distance / its bound over a row's kinks; inf without any
    values: list[Array] = field(default_factory=list)  # the activations themselves, in float64


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # the bounds show it
def bounds(net: Net, params: Params, x: Array, y: Array, eps: float) -> Bounds:
    """Bound the rounding errors of a forward and a backward pass over the rows x (n, …).

    y: targets as the loss takes them; eps: the precision's ε. Where numbers overflow, a bound is
    infinite or NaN, and a row's margin is 0.
    """
    weights = [p.astype(float) for p in params]
    r = Rounding(eps, is_likely=not net.is_dense)
    steps = forward(net.layers, weights, _exact(net, x), r)
    gave = steps[-1].gave
    scores, err = in_rows(gave.value), in_rows(gave.error)  # each place of a sequence is a row
    y = y.reshape(-1, *y.shape[gave.value.ndim - 1 :])
    terms, slopes, slope_errors = loss_terms(net.loss, scores, err, y, r)
    kernels = [weights[i] for i in net.penalized]
    penalty = 0.5 * net.l2 * sum(float((w * w).sum()) for w in kernels)
    count = sum(w.size for w in kernels)
    rows = len(scores)
    loss = float(r.total(np.abs(slopes) * err, (0, 1)) / rows)
    loss += summed(rows + net.n_out + LIBRARY_CALL, eps) * float(terms.sum()) / rows
    loss += summed(count + 3, eps) * penalty

    shape = gave.value.shape
    err = r.add(slope_errors, 2 * eps * np.abs(slopes)) / rows
    by_scores = Rounded((slopes / rows).reshape(shape), err.reshape(shape))
    gradients: Params = []
    for i, (carried, own) in enumerate(backward(steps, by_scores, r)[0]):
        of_penalty = 4 * eps * net.l2 * np.abs(weights[i]) if i in net.penalized else 0
        gradients.append(r.add(carried, own + of_penalty))
    values = [step.gave.value for step in steps]
    errors = [step.gave.error for step in steps]
    return Bounds(errors, loss, gradients, _margins(net, steps), values)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # as above
def margins(net: Net, params: Params, x: Array, eps: float) -> Array:
    """The margins of `bounds`, which a forward pass has: half of the work and less."""
    r = Rounding(eps, is_likely=not net.is_dense)
    return _margins(net, forward(net.layers, [p.astype(float) for p in params], _exact(net, x), r))


def _margins(net: Net, steps: Sequence[Passed]) -> Array:
    found = np.min([step.margins for step in steps], axis=0)
    if net.loss != "perceptron":
        return found
    gave = steps[-1].gave
    return np.minimum(found, margin(np.abs(gave.value), gave.error))


@np.errstate(all="ignore")  # without an error every distance is infinitely many of it
def sides(net: Net, params: Params, x: Array) -> list[Array]:
    """On which side of its kinks each number is: two points with the same sides have none between.

    Strictly, two points that are near each other.
    """
    weights = [p.astype(float) for p in params]
    steps = forward(net.layers, weights, _exact(net, x), Rounding(0.0))
    scores = [steps[-1].gave.value > 0] if net.loss == "perceptron" else []
    return [side for step in steps for side in step.sides] + scores


def _exact(net: Net, x: Array) -> Rounded:
    return Rounded(x if net.reads_indices else x.astype(float), np.zeros(x.shape))


def loss_terms(
    loss: str, z: Array, err: Array, y: Array, r: Rounding
) -> tuple[Array, Array, Array]:
    """The terms of each row's loss, its slope by the scores, and the slope's error."""
    eps = r.eps
    if loss == "softmax":
        shifted = z - z.max(1, keepdims=True)
        odds = np.exp(shifted)
        p = odds / odds.sum(1, keepdims=True)
        rows = np.arange(len(y))
        slopes = p.copy()
        slopes[rows, y] -= 1
        terms = np.abs(z) + np.abs(shifted[rows, y])[:, None] + 1
        # exp rounds its argument, which is as large as the distance from the largest score.
        own = eps * np.abs(shifted) * p
        if r.is_likely:  # p changes by p · (its score's error − the mean of all of them)
            error = p * r.add(err, r.total(p * err, 1, keepdims=True))
            return (
                terms,
                slopes,
                r.add(error, own + (LIBRARY_CALL + z.shape[1]) * eps * p, eps * np.abs(slopes)),
            )
        # p changes by p · (the errors of all scores).
        error = err.sum(1, keepdims=True) + (LIBRARY_CALL + z.shape[1]) * eps
        return terms, slopes, error + own
    if loss == "logistic":
        p = 0.5 * (1 + np.tanh(z / 2))
        return np.abs(z) + 1, p - y, r.add(err / 4, LIBRARY_CALL * eps)
    if loss == "squared":
        size = np.abs(z) + np.abs(y)
        return size**2, 2 * (z - y), r.add(2 * err, 2 * eps * size)
    wrong = y * z <= 0
    return np.abs(z), np.where(wrong, -y, 0), np.zeros(z.shape)

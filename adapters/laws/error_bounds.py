"""Bounds on one backend's rounding errors: a running error analysis of forward and backward.

Each quantity is computed in float64, with a bound on the error of computing it in another
precision: a sum of products errs by `summed` in whatever order it is taken, a function multiplies
an error by its slope, and a product follows the product rule. Terms of ε² are left out. Two
backends may therefore differ by twice these bounds. ε is twice the error of one rounding; there is
no other slack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from adapters.contract import Array, Net, Params

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
class Bounds:
    """Error bounds of one backend, entry by entry, and each row's distance from the kinks."""

    activations: list[Array]  # each (n, n_out of the layer)
    loss: float
    gradients: Params
    margins: Array  # (n,): the smallest |z| / its bound over a row's kinks; inf where it has none


def summed(n: int, eps: float) -> float:
    """The relative error of a sum of n rounded terms, as a share of Σ|terms|.

    At most n·ε (Higham 2002, section 3.1), and for a long sum `CONFIDENCE`·√n·ε/2.
    """
    return min(n, CONFIDENCE / 2 * n**0.5) * eps


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # the bounds show it
def bounds(net: Net, params: Params, x: Array, y: Array, eps: float) -> Bounds:
    """Bound the rounding errors of a forward and a backward pass over the rows x (n, n_in).

    y: targets as the loss takes them; eps: the precision's ε. Where numbers overflow, a bound is
    infinite or NaN, and a row's margin is 0.
    """
    weights = [p.astype(float) for p in params]
    values, errors = [x.astype(float)], [np.zeros(x.shape)]
    margins = np.full(len(x), np.inf)
    for layer, w, b in zip(net.layers, weights[::2], weights[1::2], strict=True):
        a, err = values[-1], errors[-1]
        function, _, slope, _ = ACTIVATIONS[layer.activation]
        z = a @ w + b  # (n, layer.n_out)
        err = err @ np.abs(w) + summed(layer.n_in + 1, eps) * (np.abs(a) @ np.abs(w) + np.abs(b))
        if layer.activation == "relu":
            margins = np.minimum(margins, _margin(z, err))
        values.append(function(z))
        errors.append(slope * err + LIBRARY_CALL * eps * np.abs(values[-1]))

    scores, err = values[-1], errors[-1]
    if net.loss == "perceptron":
        margins = np.minimum(margins, _margin(scores, err))
    terms, slopes, slope_errors = loss_terms(net.loss, scores, err, y, eps)
    kernels = weights[::2]
    penalty = 0.5 * net.l2 * sum(float((w * w).sum()) for w in kernels)
    count = sum(w.size for w in kernels)
    rows = len(x)
    loss = float((np.abs(slopes) * err).sum() / rows)
    loss += summed(rows + net.n_out + LIBRARY_CALL, eps) * float(terms.sum()) / rows
    loss += summed(count + 3, eps) * penalty

    delta, err = slopes / rows, (slope_errors + 2 * eps * np.abs(slopes)) / rows
    gradients: Params = []
    for i in reversed(range(len(net.layers))):
        a, out = values[i], values[i + 1]
        _, derivative, _, bend = ACTIVATIONS[net.layers[i].activation]
        d = derivative(out)
        err = err * np.abs(d) + np.abs(delta) * (bend * errors[i + 1] + 4 * eps)
        delta = delta * d  # by X·W + b, (n, layer.n_out)
        w = weights[2 * i]
        kernel = np.abs(a).T @ err + errors[i].T @ np.abs(delta)
        of_penalty = 4 * eps * net.l2 * np.abs(w)
        kernel += summed(rows + 1, eps) * (np.abs(a).T @ np.abs(delta)) + of_penalty
        gradients[:0] = [kernel, err.sum(0) + summed(rows, eps) * np.abs(delta).sum(0)]
        err = err @ np.abs(w).T + summed(w.shape[1] + 1, eps) * (np.abs(delta) @ np.abs(w).T)
        delta = delta @ w.T
    return Bounds(errors[1:], loss, gradients, margins)


def _margin(z: Array, err: Array) -> Array:
    """The smallest |z| of each row in units of its error bound, (n,)."""
    margin = np.abs(z) / err  # 0 / 0, an exact tie, counts as margin 0
    return np.nan_to_num(margin, nan=0.0, posinf=np.inf).min(1)


def loss_terms(loss: str, z: Array, err: Array, y: Array, eps: float) -> tuple[Array, Array, Array]:
    """The terms of each row's loss, its slope by the scores, and the slope's error."""
    if loss == "softmax":
        shifted = z - z.max(1, keepdims=True)
        odds = np.exp(shifted)
        p = odds / odds.sum(1, keepdims=True)
        rows = np.arange(len(y))
        slopes = p.copy()
        slopes[rows, y] -= 1
        terms = np.abs(z) + np.abs(shifted[rows, y])[:, None] + 1
        # p changes by p · (the errors of all scores), and exp by the rounding of its argument.
        error = err.sum(1, keepdims=True) + (LIBRARY_CALL + z.shape[1]) * eps
        return terms, slopes, error + eps * np.abs(shifted) * p
    if loss == "logistic":
        p = 0.5 * (1 + np.tanh(z / 2))
        return np.abs(z) + 1, p - y, err / 4 + LIBRARY_CALL * eps
    if loss == "squared":
        return (
            (np.abs(z) + np.abs(y)) ** 2,
            2 * (z - y),
            2 * err + 2 * eps * (np.abs(z) + np.abs(y)),
        )
    wrong = y * z <= 0
    return np.abs(z), np.where(wrong, -y, 0), np.zeros(z.shape)

"""The equations of the exercises, and the wrong forms that students often write."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from adapters.contract import Array

TRAINED = 600  # pictures on which a probe is trained; the others are for testing


def shares(scores: Array) -> Array:
    """Softmax over the last axis, (..., classes)."""
    pieces = np.exp(scores - scores.max(-1, keepdims=True))
    return pieces / pieces.sum(-1, keepdims=True)


def moved_along(params: list[Array], slopes: list[Array], rate: float, share: float) -> list[Array]:
    """The parameters after `share` times a gradient step."""
    return [p - rate * share * g for p, g in zip(params, slopes, strict=True)]


def step_through_two_softmaxes(
    W: Array, bias: Array, x: Array, y: Array, rate: float
) -> list[Array]:
    """The result of a step if the loss applies softmax to shares, which had one already."""
    p = shares(x @ W + bias)
    slope = shares(p)
    slope[np.arange(len(y)), y] -= 1
    slope = p * (slope - (slope * p).sum(1, keepdims=True)) / len(y)  # back through the first one
    return [W - rate * x.T @ slope, bias - rate * slope.sum(0)]


def velocities(gradients: Iterable[float], momentum: float) -> Array:
    """v ← μ·v + g after each step, starting from 0."""
    v, result = 0.0, []
    for g in gradients:
        v = momentum * v + g
        result.append(v)
    return np.array(result)


def adam(gradients: Array, rate: float, epsilon: float, place: str, first: int = 1) -> Array:
    """The amounts by which Adam lowers a weight in each step, with β₁ = 0.9, β₂ = 0.999.

    place: of ε: "after" or "before" the correction, "inside" the root; or "uncorrected". first: t
    of the first step.
    """
    m = v = 0.0
    moves = []
    for t, g in enumerate(gradients, first):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        m_hat, correction = m / (1 - 0.9**t), 1 - 0.999**t
        root = {
            "after": np.sqrt(v / correction) + epsilon,
            "before": (np.sqrt(v) + epsilon) / np.sqrt(correction),
            "inside": np.sqrt(v / correction + epsilon),
            "uncorrected": np.sqrt(v) + epsilon,
        }[place]
        moves.append(rate * (m if place == "uncorrected" else m_hat) / root)
    return np.array(moves)


def probe(features: Array, y: Array) -> float:
    """The accuracy of least squares on features (n, k), on the pictures not used in training."""
    features = features.astype(np.float64)
    middle, spread = features[:TRAINED].mean(0), features[:TRAINED].std(0).mean() + 1e-9
    a = np.column_stack([features - middle, np.ones(len(features))]) / spread
    alike = a @ a[:TRAINED].T  # (n, TRAINED)
    ridge = 0.03 * np.trace(alike) / TRAINED * np.eye(TRAINED)
    scores = alike[TRAINED:] @ np.linalg.solve(alike[:TRAINED] + ridge, np.eye(10)[y[:TRAINED]])
    return float(np.mean(scores.argmax(1) == y[TRAINED:]))

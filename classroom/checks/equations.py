"""The equations that exercises ask for, and the forms into which they are often mistaken."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from adapters.contract import Array

TRAINED = 600  # of the pictures that a probe is given; the others are tested


def shares(scores: Array) -> Array:
    """Softmax over the last axis, (..., classes)."""
    pieces = np.exp(scores - scores.max(-1, keepdims=True))
    return pieces / pieces.sum(-1, keepdims=True)


def moved_along(params: list[Array], slopes: list[Array], rate: float, share: float) -> list[Array]:
    """The parameters after this share of a step down their slopes."""
    return [p - rate * share * g for p, g in zip(params, slopes, strict=True)]


def step_through_two_softmaxes(
    W: Array, bias: Array, x: Array, y: Array, rate: float
) -> list[Array]:
    """Where a step leads if the loss applies a second softmax to what are shares already."""
    p = shares(x @ W + bias)
    slope = shares(p)
    slope[np.arange(len(y)), y] -= 1
    slope = p * (slope - (slope * p).sum(1, keepdims=True)) / len(y)  # back through the first one
    return [W - rate * x.T @ slope, bias - rate * slope.sum(0)]


def velocities(gradients: Iterable[float], momentum: float) -> Array:
    """v ← μ·v + g after each step, from a standstill."""
    v, seen = 0.0, []
    for g in gradients:
        v = momentum * v + g
        seen.append(v)
    return np.array(seen)


def adam(gradients: Array, rate: float, epsilon: float, place: str, first: int = 1) -> Array:
    """By how much Adam moves a knob down in each step; its βs are 0.9 and 0.999.

    place: of ε: after or before the correction, or inside the root; or uncorrected. first: the t of
    the first step.
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


def probe(made: Array, y: Array) -> float:
    """The share of the untrained pictures that least squares on features (n, k) gets right."""
    made = made.astype(np.float64)
    middle, spread = made[:TRAINED].mean(0), made[:TRAINED].std(0).mean() + 1e-9
    a = np.column_stack([made - middle, np.ones(len(made))]) / spread
    alike = a @ a[:TRAINED].T  # (n, TRAINED)
    ridge = 0.03 * np.trace(alike) / TRAINED * np.eye(TRAINED)
    said = alike[TRAINED:] @ np.linalg.solve(alike[:TRAINED] + ridge, np.eye(10)[y[:TRAINED]])
    return float(np.mean(said.argmax(1) == y[TRAINED:]))

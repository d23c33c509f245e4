"""Data and references of lesson 1: houses, points, Rosenblatt's rule, Novikoff's bound."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

import datasets
from adapters.contract import Array


@cache
def houses() -> tuple[Array, Array]:
    """The lesson's three columns (houses, 3), and prices in thousands of dollars (houses,)."""
    houses: Any = datasets.load("houses")
    north = (houses.columns["latitude"] - 47.605) * 111.2
    east = (houses.columns["longitude"] + 122.335) * 75.0
    area = houses.columns["living_area"] / 1000
    x = np.column_stack([houses.columns["bedrooms"], area, np.hypot(north, east)])
    return x, houses.price / 1000


def separable_points(rng: np.random.Generator, inputs: int) -> tuple[Array, Array]:
    """Linearly separable points (24, inputs) with integer coordinates, and labels ±1 (24,)."""
    line = rng.normal(size=inputs)
    line /= np.linalg.norm(line)
    shift = rng.uniform(-3, 3)
    x = rng.integers(-8, 9, (4000, inputs))
    distance = x @ line + shift
    chosen = [np.flatnonzero(side * distance >= 1.5)[:12] for side in (1, -1)]
    rows = rng.permutation(np.concatenate(chosen))
    return x[rows], np.sign(distance[rows]).astype(np.int64)


def rosenblatt(
    x: Array, y: Array, passes: int, bias: int = 1, fence: int = 0
) -> tuple[Array, float, int]:
    """Rosenblatt's rule, as in the lesson: weights (inputs,), bias, number of mistakes.

    bias=0: the mistake of never moving the bias. fence=-1: the mistake of taking a score of 0 for
    the answer −1.
    """
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, 0
    for _ in range(passes):
        before = mistakes
        for row, answer in zip(x, y, strict=True):
            score = row @ w + b
            if answer * (score or fence) <= 0:
                w, b, mistakes = w + answer * row, b + answer * bias, mistakes + 1
        if mistakes == before:
            break
    return w, b, mistakes


def road(x: Array, y: Array, w: Any, b: Any) -> float:
    """The margin γ of a line, with the bias as one more weight; NaN if all weights are 0."""
    weights = np.append(np.asarray(w, np.float64), float(b))
    length = np.linalg.norm(weights)
    with_one = np.column_stack([x, np.ones(len(x))])
    return float((y * (with_one @ weights)).min() / length) if length > 0 else np.nan


def novikoff(x: Array, y: Array, w: Array, b: float) -> float:
    """Novikoff's bound on the number of mistakes, (R/γ)², for this line."""
    R = np.sqrt((x**2).sum(axis=1).max() + 1)
    return float((R / road(x, y, w, b)) ** 2)

"""What lesson 1's exercises are judged by: houses, points that a line parts, rule and promise."""

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


def parted_points(rng: np.random.Generator, inputs: int) -> tuple[Array, Array]:
    """Points with whole numbers (24, inputs) that a line parts, and their sides (24,)."""
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
    """The rule as it stands in the lesson.

    bias=0 is the mistake of never moving it, fence=-1 that of taking a score of 0 for this answer.
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
    """γ of a line, the bias as one more knob; NaN, which is above nothing, where there is none."""
    knobs_ = np.append(np.asarray(w, np.float64), float(b))
    length = np.linalg.norm(knobs_)
    with_one = np.column_stack([x, np.ones(len(x))])
    return float((y * (with_one @ knobs_)).min() / length) if length > 0 else np.nan


def novikoff(x: Array, y: Array, w: Array, b: float) -> float:
    """The most mistakes that there can be, (R/γ)² by this line."""
    R = np.sqrt((x**2).sum(axis=1).max() + 1)
    return float((R / road(x, y, w, b)) ** 2)

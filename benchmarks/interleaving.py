"""Time implementations alternately, A B A B …, in processes that wait for each other.

A disturbance of the machine then slows all of them, so the ratio of two laps of the same round is
more stable than either time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from course.json_process import JsonProcess

MIN_ROUNDS, MAX_ROUNDS = 5, 25  # quartiles need five; more than 25 add nothing

Laps = dict[str, list[float]]  # by implementation: the seconds of each round


def take_turns(
    implementations: Sequence[tuple[str, JsonProcess, str]], network: str, seconds: float
) -> tuple[Laps, dict[str, Any]]:
    """Time laps of each, round by round, until the seconds are spent; returns laps and warm-ups.

    implementations: a name, its worker, and the worker's name for it. If there are several
    processes, each makes an untimed lap before the timed one: the others' data have replaced its
    own in the caches, and their threads may still be waiting for work.
    """
    several = len({id(who) for _, who, _ in implementations}) > 1
    warm = {
        name: who.ask({"make": what, "network": network}) for name, who, what in implementations
    }
    laps: Laps = {name: [] for name, _, _ in implementations}
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < MIN_ROUNDS or (rounds < MAX_ROUNDS and time.perf_counter() < end):
        rounds += 1
        for name, who, what in implementations:
            if several:
                who.ask({"lap": what})
            laps[name].append(who.ask({"lap": what})["seconds"])
    return laps, warm


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The first quartile, the median, the third."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(low), float(middle), float(high)


def ratio(laps: Laps, of: str, to: str) -> tuple[float, float, float]:
    """The quartiles of the ratios of two implementations, each within a round."""
    return quartiles([a / b for a, b in zip(laps[of], laps[to], strict=True)])

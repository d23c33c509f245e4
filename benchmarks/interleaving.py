"""Time implementations alternately, A B A B …, in processes that wait for each other.

A disturbance of the machine then slows all of them, so what is computed within a round is more
stable than any time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from benchmarks.problem import MAX_ROUNDS, MIN_ROUNDS
from course.json_process import JsonProcess

Laps = dict[str, list[float]]  # by implementation: the seconds of each round


def take_turns(
    implementations: Sequence[tuple[str, JsonProcess]], lesson: int, seconds: float
) -> Laps:
    """Time laps of each, round by round, until the seconds are spent.

    implementations: a name, and its worker. If there are several processes, each makes an untimed
    lap before the timed one: the others' data have replaced its own in the caches, and their
    threads may still be waiting for work.
    """
    several = len({id(who) for _, who in implementations}) > 1
    for name, who in implementations:
        who.ask({"make": name, "lesson": lesson})
    laps: Laps = {name: [] for name, _ in implementations}
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < MIN_ROUNDS or (rounds < MAX_ROUNDS and time.perf_counter() < end):
        rounds += 1
        for name, who in implementations:
            if several:
                who.ask({"lap": name})
            laps[name].append(who.ask({"lap": name})["seconds"])
    return laps


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The first quartile, the median, the third: values that occur, as one may be infinite."""
    low, middle, high = np.percentile(values, [25, 50, 75], method="nearest")
    return float(low), float(middle), float(high)

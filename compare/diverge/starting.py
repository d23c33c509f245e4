"""Trace both sides at once, as far as nothing has been traced before."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace

from compare.diverge.side import Side

# What compiles each model anew, and so takes longer to walk through many runs than to load.
COMPILED = ("tensorflow", "keras", "keras-jax", "jax", "pytensor")
MANY_RUNS = (4, 7, 8)  # lessons


def trace_together(a: Side, b: Side, screener: Side) -> None:
    """Make the traces of both sides that are not there yet.

    The backends load side by side. NumPy, which is ready first, collects the run specs that all
    sides read, and then the sides walk side by side. A slow one beside a fast one walks in two
    processes, where there is a core for the second.
    """
    missing = [side for side in (a, b) if not side.is_traced()]
    if not missing:
        return
    slow = [side for side in missing if side.name in COMPILED and side.setting.lesson in MANY_RUNS]
    split = len(slow) == 1 and (os.cpu_count() or 1) > 1
    second = replace(slow[0], process=None, trace_files={}, ready=False) if split else None
    with second or nullcontext() as twin:
        for side in (screener, *missing, *filter(None, [twin])):
            side.start()
        runs = screener.request("prepare")["runs"]
        with ThreadPoolExecutor(len(missing)) as pool:
            list(pool.map(lambda side: _trace(side, twin if side in slow else None, runs), missing))


def _trace(side: Side, twin: Side | None, runs: list[str]) -> None:
    if twin is not None and len(runs) > 1:
        side.trace_in_two(twin, runs)
    else:
        side.trace_file()

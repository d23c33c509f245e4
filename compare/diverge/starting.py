"""Trace both sides at once, as far as nothing has been traced before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from compare.diverge.side import Side


def trace_together(a: Side, b: Side, screener: Side) -> None:
    """Make the traces of both sides that are not there yet.

    The backends load side by side. NumPy, which is ready first, collects the run specs that all
    sides read, and then the sides walk side by side.
    """
    missing = [side for side in (a, b) if not side.is_traced()]
    if not missing:
        return
    for side in (screener, *missing):
        side.start()
    screener.request("prepare")
    with ThreadPoolExecutor(len(missing)) as pool:
        list(pool.map(lambda side: side.trace_file(), missing))

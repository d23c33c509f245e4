"""Calls in several processes at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


def in_processes(
    function: Callable[..., Result], calls: Mapping[Key, tuple[object, ...]], at_once: int | None,
    on_end: Callable[[Key, Result], object],
) -> None:  # fmt: skip
    """Call a function of a module with each of these arguments, the first ones first.

    at_once: the number of processes, by default the cores. on_end: called with each result. Raises
    what the first failing call raised, and starts no more of them then.
    """
    if not calls:
        return
    processes = min(at_once or os.cpu_count() or 1, len(calls))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        waiting = {pool.submit(function, *values): key for key, values in calls.items()}
        try:
            for future in as_completed(waiting):
                on_end(waiting[future], future.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise

"""Calls in several processes at once, each of which may lead to more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any


@dataclass(frozen=True)
class Call:
    """A call of a module's function; `then` takes its result, and may return further calls."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    then: Callable[[Any], Iterable[Call]]


def in_processes(calls: Sequence[Call], at_once: int | None) -> None:
    """Make these calls, the first ones first, and those that follow from them.

    at_once: the number of processes, by default the cores. Raises what the first failing call
    raised, and starts no more of them then.
    """
    if not calls:
        return
    processes = min(at_once or os.cpu_count() or 1, len(calls))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        waiting: dict[Future[Any], Call] = {}

        def submit(more: Iterable[Call]) -> None:
            waiting.update({pool.submit(call.function, *call.arguments): call for call in more})

        submit(calls)
        try:
            while waiting:
                ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    submit(waiting.pop(future).then(future.result()))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise

"""Observe many engines, each in a process of its own, as many at once as there are cores."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from adapters import ENGINES, environment
from adapters.contract import TriptychError, require
from compare.children import Children, Task
from compare.differences.entry import HOME
from course.settings import ROOT

# The slowest first, so that no core waits for it at the end: XLA compiles every operation.
SLOWEST = ("keras-jax", "jax", "keras")
BLINK = 0.1  # seconds between two looks at the children


def installed(engines: Sequence[str]) -> list[str]:
    """Those of the engines that can run here."""
    return [engine for engine in engines if not ENGINES[engine].missing]


def arguments(engine: str, names: Sequence[str] = (), home: Path = HOME) -> list[str]:
    """What Python is told to run, to observe one engine."""
    # -P: a compare.py in the user's folder is not ours.
    module = ["-P", "-m", "compare.differences.observe"]
    return [*module, f"--backend={engine}", f"--home={home}", *names]


def observe_all(
    engines: Sequence[str],
    names: Sequence[str] = (),
    home: Path = HOME,
    watch: Callable[[Sequence[Task]], None] = lambda tasks: None,
) -> dict[str, dict[str, Any]]:
    """What each engine does: {engine: what `observe` returns}. A process that fails raises."""
    order = sorted(engines, key=lambda e: SLOWEST.index(e) if e in SLOWEST else len(SLOWEST))
    tasks = [Task(engine, [sys.executable, *arguments(engine, names, home)]) for engine in order]
    variables = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
    with Children(tasks, os.cpu_count() or 1, variables) as children:
        while not children.finished:
            children.poll()
            watch(tasks)
            time.sleep(BLINK)
    for task in tasks:
        require(
            task.state == "done", f"{task.name} cannot be observed: {task.reason}", TriptychError
        )
    found = {task.name: json.loads(task.out[-1]) for task in tasks}
    return {engine: found[engine] for engine in engines}

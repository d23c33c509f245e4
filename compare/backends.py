"""The backends of a comparison, the order in which they start, and the command each runs.

Imports no framework.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from adapters import BACKENDS
from compare.process_pool import Task
from course import result_file

REFERENCE = "numpy"
# The slowest start first, so that no core idles at the end: PyTensor and Keras compile for long.
SLOWEST = ("pytensor", "keras")


@dataclass(eq=False)
class LessonTask(Task):
    """One backend's lesson as a task, with what another machine needs to run it."""

    backend: str = ""
    arguments: Sequence[str] = ()  # Python's arguments, without --out
    home: str = ""  # the folder OUT
    result: Path | None = None  # the file in which the lesson names its records

    def report_to(self, result: Path) -> None:
        """Let the lesson name its records in this file."""
        self.result, self.command = result, [*self.command, f"--result={result}"]

    @cached_property
    def records(self) -> list[Path]:
        """The folders of its records, one for each seed; to be read once the task has ended.

        An executor that runs the task elsewhere sets them.
        """
        return [] if self.result is None else result_file.read(self.result)


@dataclass(frozen=True)
class Plan:
    """The settings of one lesson that every backend runs with."""

    lesson: int
    dtype: str = "float32"
    device: str = "auto"
    seed: int = 0
    seeds: int = 1
    epochs: int | None = None
    data: str | None = None
    out: str = "results"
    figures: bool = False

    def arguments(self, backend: str, **changes: object) -> list[str]:
        """Python's arguments. changes: options to replace, None for one to leave out."""
        options: dict[str, object] = {
            "backend": backend, "dtype": self.dtype, "device": self.device, "seed": self.seed,
            "seeds": self.seeds, "epochs": self.epochs, "data": self.data, "out": self.out,
            "no-figures": not self.figures,
        } | changes  # fmt: skip
        values = [f"--{k}={v}" for k, v in options.items() if not isinstance(v, bool | None)]
        flags = [f"--{k}" for k, v in options.items() if v is True]
        # -P: do not import a course.py from the user's folder.
        return ["-P", "-m", "course", f"lesson{self.lesson}", *values, *flags]

    def task(self, backend: str, name: str = "", **changes: object) -> LessonTask:
        """This backend's lesson as a task, in this environment."""
        command = [sys.executable, *self.arguments(backend, **changes)]
        portable = self.arguments(backend, **changes | {"out": None})
        home = str(changes.get("out", self.out))
        return LessonTask(name or backend, command, backend=backend, arguments=portable, home=home)

    def each_seed(self) -> list[Plan]:
        """One plan for each seed."""
        first, last = self.seed, self.seed + self.seeds
        return [replace(self, seed=seed, seeds=1) for seed in range(first, last)]


def shares_kernels(backend: str) -> str | None:
    """The backend whose kernels this one runs on: agreement between the two proves less."""
    entry = BACKENDS.get(backend)  # None for the name of a version or a record
    return entry.shares_kernels_with if entry else None


def start_order(backends: Sequence[str]) -> list[str]:
    """The reference first, since all others are judged by it, then the slowest first."""
    rank = {name: i for i, name in enumerate(SLOWEST)}

    def urgency(backend: str) -> tuple[bool, int]:
        return backend != REFERENCE, rank.get(backend.partition("-")[0], len(SLOWEST))

    return sorted(dict.fromkeys([REFERENCE, *backends]), key=urgency)

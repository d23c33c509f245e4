"""Which backends are here, in which order they start, and what one is told to run. Imports none."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adapters import BACKENDS
from compare.process_pool import Task

REFERENCE = "numpy"
# The slowest first, so that no core waits for it at the end: PyTensor and Keras compile for long.
SLOWEST = ("pytensor", "keras")


@dataclass(eq=False)
class LessonTask(Task):
    """One backend's lesson as a task, and what it takes to run it in another place."""

    backend: str = ""
    arguments: Sequence[str] = ()  # what Python is told to run, but for --out
    home: str = ""  # OUT


@dataclass(frozen=True)
class Plan:
    """What every backend runs."""

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
        """What Python is told to run; changes: of the options, None for one to leave out."""
        options: dict[str, object] = {
            "backend": backend, "dtype": self.dtype, "device": self.device, "seed": self.seed,
            "seeds": self.seeds, "epochs": self.epochs, "data": self.data, "out": self.out,
            "no-figures": not self.figures,
        } | changes  # fmt: skip
        values = [f"--{k}={v}" for k, v in options.items() if not isinstance(v, bool | None)]
        flags = [f"--{k}" for k, v in options.items() if v is True]
        # -P: a course.py in the user's folder is not ours.
        return ["-P", "-m", "course", f"lesson{self.lesson}", *values, *flags]

    def task(self, backend: str, name: str = "", **changes: object) -> LessonTask:
        """This backend's lesson as a task, in this environment."""
        command = [sys.executable, *self.arguments(backend, **changes)]
        portable = self.arguments(backend, **changes | {"out": None})
        home = str(changes.get("out", self.out))
        return LessonTask(name or backend, command, backend=backend, arguments=portable, home=home)

    def each_seed(self) -> list[Plan]:
        """The same for every seed alone."""
        first, last = self.seed, self.seed + self.seeds
        return [replace(self, seed=seed, seeds=1) for seed in range(first, last)]


def record_folders(said: Iterable[str]) -> list[Path]:
    """The folders of the records that a lesson says it has written, one for each seed."""
    mark = "complete: "
    return [Path(line.removeprefix(mark)) for line in said if line.startswith(mark)]


def shares_kernels(backend: str) -> str | None:
    """The backend whose kernels this one runs on, so that their agreement proves less."""
    known = BACKENDS.get(backend)  # a version or a record has a name of its own
    return known.shares_kernels_with if known else None


def start_order(backends: Sequence[str]) -> list[str]:
    """The reference, by which all are judged, and then the slowest first."""
    rank = {name: i for i, name in enumerate(SLOWEST)}

    def urgency(backend: str) -> tuple[bool, int]:
        return backend != REFERENCE, rank.get(backend.partition("-")[0], len(SLOWEST))

    return sorted(dict.fromkeys([REFERENCE, *backends]), key=urgency)

"""Run a backend's lessons, and its catalogue, in one environment: a process for each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters import environment
from compare.backends import Plan, record_folders
from compare.comparison import Outcome
from course.settings import ROOT
from triptych.differences.processes import observe_all
from triptych.errors import TriptychError

EXCEPTION = re.compile(r"(error: |[A-Za-z_][\w.]*(Error|Exception)\b)")
LONGEST = 300  # characters of a reason


@dataclass(frozen=True)
class RunPlan:
    """What is run: the same in both environments."""

    backend: str
    dtype: str
    seed: int
    epochs: int
    lessons: tuple[int, ...]

    def __str__(self) -> str:
        lessons = f"lesson{'s' if len(self.lessons) > 1 else ''} {' '.join(map(str, self.lessons))}"
        epochs = f"{self.epochs} epoch{'s' if self.epochs > 1 else ''}"
        return f"{lessons}, {epochs}, {self.dtype}, seed {self.seed}"


@dataclass
class EnvironmentResult:
    """What came of it in one environment."""

    name: str  # such as "keras 3.12.0"
    refused: str = ""  # why the adapter cannot even be imported there
    defaults: dict[str, Any] = field(default_factory=dict)
    catalogue: dict[str, dict[str, Any]] = field(default_factory=dict)  # what observe returns
    unobserved: str = ""  # why the catalogue could not be observed
    lessons: dict[int, Outcome] = field(default_factory=dict)


def run_in_environment(python: Path, name: str, trip: RunPlan, home: Path) -> EnvironmentResult:
    """Observe the catalogue, import the adapter, read its defaults, run the lessons.

    What fails is kept as a reason.
    """
    gone = EnvironmentResult(name)
    try:
        gone.catalogue = observe_all([trip.backend], python=python)[trip.backend]
    except TriptychError as error:
        gone.unobserved = str(error)
    arguments = ["-P", "-m", "compare.drift.defaults", trip.backend, trip.dtype]
    status, printed, reason = run(python, arguments)
    if status:
        gone.refused = reason
        return gone
    gone.defaults = json.loads(printed.splitlines()[-1])
    for lesson in trip.lessons:
        gone.lessons[lesson] = run_lesson(python, name, lesson, trip, home)
    return gone


def run_lesson(python: Path, name: str, lesson: int, trip: RunPlan, home: Path) -> Outcome:
    """One lesson, and the folder of its record."""
    plan = Plan(lesson, trip.dtype, "cpu", trip.seed, epochs=trip.epochs, out=str(home))
    start = time.perf_counter()
    status, printed, reason = run(python, plan.arguments(trip.backend, probes=True))
    seconds = time.perf_counter() - start
    if status:
        return Outcome(name, "failed", reason, seconds=seconds)
    folder = record_folders(printed.splitlines())[-1]
    return Outcome(name, "complete", folder=folder, seconds=seconds)


def run(python: Path, arguments: list[str]) -> tuple[int, str, str]:
    """Status, what was printed, and what it failed of, in one line."""
    done = subprocess.run(
        [str(python), *arguments], cwd=ROOT, text=True, capture_output=True, check=False,
        stdin=subprocess.DEVNULL, env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, done.stdout, reason(done.stderr) or f"status {done.returncode}"


def reason(complaint: str) -> str:
    """The exception that ended a process, to its last line, or else the last thing that was said.

    TensorFlow's errors go on for lines after the one that names them.
    """
    said = [line.strip() for line in complaint.splitlines() if line.strip()]
    raised = [i for i, line in enumerate(said) if EXCEPTION.match(line)]
    text = " ".join(said[raised[-1] if raised else -1 :])
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"

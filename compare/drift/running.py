"""Run a backend's lessons and its catalogue in one environment, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters import environment
from compare.backends import Plan
from compare.comparison import Outcome
from course import result_file
from course.settings import ROOT
from triptych.differences.processes import observe_all
from triptych.errors import TriptychError

EXCEPTION = re.compile(r"(error: |[A-Za-z_][\w.]*(Error|Exception)\b)")
MAX_REASON = 300  # characters


@dataclass(frozen=True)
class RunPlan:
    """The lessons and settings that run in both environments."""

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
    """The results in one environment."""

    name: str  # such as "keras 3.12.0"
    refused: str = ""  # why the adapter cannot be imported there
    defaults: dict[str, Any] = field(default_factory=dict)
    catalogue: dict[str, dict[str, Any]] = field(default_factory=dict)  # what observe returns
    unobserved: str = ""  # why the catalogue could not be observed
    lessons: dict[int, Outcome] = field(default_factory=dict)


def run_in_environment(python: Path, name: str, plan: RunPlan, home: Path) -> EnvironmentResult:
    """Run the catalogue, import the adapter, read its defaults, run the lessons.

    Failures are stored as reasons in the result.
    """
    result = EnvironmentResult(name)
    try:
        result.catalogue = observe_all([plan.backend], python=python)[plan.backend]
    except TriptychError as error:
        result.unobserved = str(error)
    with TemporaryDirectory(prefix="triptych-") as scratch:
        file = Path(scratch, "defaults.json")
        arguments = ["-P", "-m", "compare.drift.defaults", plan.backend, plan.dtype, str(file)]
        status, reason = run(python, arguments)
        if status:
            result.refused = reason
            return result
        result.defaults = json.loads(file.read_bytes())
    for lesson in plan.lessons:
        result.lessons[lesson] = run_lesson(python, name, lesson, plan, home)
    return result


def run_lesson(python: Path, name: str, lesson: int, plan: RunPlan, home: Path) -> Outcome:
    """Run one lesson; the outcome has the folder of its record."""
    lesson_plan = Plan(lesson, plan.dtype, "cpu", plan.seed, epochs=plan.epochs, out=str(home))
    start = time.perf_counter()
    with TemporaryDirectory(prefix="triptych-") as scratch:
        result = Path(scratch, "result.json")
        arguments = lesson_plan.arguments(plan.backend, probes=True, result=result)
        status, reason = run(python, arguments)
        records = result_file.read(result)
    seconds = time.perf_counter() - start
    if status or not records:
        reason = reason if status else "it ended without a record"
        return Outcome(name, "failed", reason, seconds=seconds)
    return Outcome(name, "complete", folder=records[-1], seconds=seconds)


def run(python: Path, arguments: list[str]) -> tuple[int, str]:
    """Run a command; its exit status, and the reason of a failure."""
    done = subprocess.run(
        [str(python), *arguments], cwd=ROOT, text=True, capture_output=True, check=False,
        stdin=subprocess.DEVNULL, env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, reason(done.stderr) or f"status {done.returncode}"


def reason(stderr: str) -> str:
    """The exception that ended a process, with all its lines, or else the last line of its output.

    TensorFlow's messages continue for lines after the one with the exception's name.
    """
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    raised = [i for i, line in enumerate(lines) if EXCEPTION.match(line)]
    text = " ".join(lines[raised[-1] if raised else -1 :])
    half = MAX_REASON // 2
    return text if len(text) <= MAX_REASON else f"{text[:half]} … {text[-half:]}"

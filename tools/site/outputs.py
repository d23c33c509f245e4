"""Each lesson's outputs on each backend: executed notebooks, cached until a dependency changes.

A notebook that is executed can also leave the record of its lesson, so that a comparison of the
backends needs no second run.

The outputs depend on more than the notebook's text: on the modules that it can import, the data,
the packages, and the settings of the run. All of these are in the digest that names the cached
entry, because the cache of myst-nb depends on the text alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode

from adapters import BACKENDS
from adapters.contract import TriptychError
from classroom import notebooks
from course.lessons import LESSONS
from tools.site import dependencies, result_cache
from tools.site.processes import Call, in_processes

# What runs a notebook; the lesson and its backend's adapter come on top.
RUNS = ("classroom.kernel", "classroom.execution", "classroom.notebooks")
TRANSLATIONS = "lessons/locale/**/*.po"
LONG, LONGEST = 300, 1800  # seconds for one cell; Keras compiles fourteen runs of lesson 5
TRIES = 2  # now and then a kernel never answers (jupyter/jupyter_client#922)


@dataclass(frozen=True)
class Job:
    """A lesson on a backend, in a language."""

    number: int
    backend: str
    epochs: int | None = None
    language: str = "en"

    @property
    def patience(self) -> int:
        """Seconds after which a cell is given up."""
        return LONGEST if self.number == 5 and self.epochs is None else LONG

    def __str__(self) -> str:
        language = "" if self.language == "en" else f" ({self.language})"
        return f"lesson {self.number}{language} on {self.backend}"


def executed(
    jobs: Iterable[Job], at_once: int | None, report: Callable[[str], object],
    records: Mapping[int, Path] | None = None,
    then: Callable[[Job], Iterable[Call]] = lambda job: (),
) -> dict[Job, NotebookNode]:  # fmt: skip
    """The notebook of each job with its outputs, from the cache or from a kernel of its own.

    Each runs in a process: a Jupyter client needs an event loop, and threads would share its state.
    records: by lesson, the folder in which each backend leaves a folder of its name with the record
    of its run in English, if it runs. then: what can be done once a job has run. Raises
    TriptychError with lesson, backend and error for the first job that fails.
    """
    entries = {job: entry(job) for job in jobs}
    found = {job: node for job, file in entries.items() if (node := cached(file)) is not None}
    runs: dict[Job, tuple[NotebookNode, float]] = {}

    def on_end(job: Job, result: tuple[NotebookNode, float]) -> Iterable[Call]:
        runs[job] = result
        report(f"{job}: {result[1]:.1f} s")
        return then(job)

    def out(job: Job) -> Path | None:
        folder = (records or {}).get(job.number)
        return folder / job.backend if folder and job.language == "en" else None

    rest = {job: file for job, file in entries.items() if job not in found}
    calls = [Call(run, (job, file, out(job)), partial(on_end, job)) for job, file in rest.items()]
    in_processes(calls, at_once)
    report(f"{len(found)} of {len(entries)} notebooks from the cache, {result_cache.folder()}")
    return found | {job: result for job, (result, _) in runs.items()}


def one(job: Job) -> tuple[NotebookNode, float]:
    """A job's executed notebook, and the seconds that it took; 0 if it was cached."""
    file = entry(job)
    node = cached(file)
    return run(job, file) if node is None else (node, 0.0)


def planned(job: Job, **more: Any) -> NotebookNode:
    """The notebook of a job, not executed. more: arguments of `open_lesson`."""
    return notebooks.notebook(
        job.number, job.backend, language=job.language, epochs=job.epochs, **more
    )


def entry(job: Job) -> Path:
    """The file in the cache for a job's notebook."""
    depends_on = [
        surroundings(job.number, job.backend, job.language), nbformat.writes(planned(job))
    ]  # fmt: skip
    return result_cache.entry(f"{job.number}-{job.backend}-{job.language}", depends_on)


def cached(file: Path) -> NotebookNode | None:
    """The notebook in an entry of the cache; None where there is none."""
    content = result_cache.load(file)
    return None if content is None else nbformat.reads(content.decode(), as_version=4)


def run(job: Job, file: Path, out: Path | None = None) -> tuple[NotebookNode, float]:
    """Execute a job's notebook and store it in the cache; the seconds that it took.

    out: a folder, in which the lesson leaves its record with single-step probes.
    """
    begun = time.perf_counter()
    more = {} if out is None else {"out": str(out), "probes": True}
    node = _execute(job, planned(job, **more))
    for cell, plain in zip(node.cells, planned(job).cells, strict=True):
        # The cached notebook names no temporary folder, and ids are derived from the text.
        cell.source, cell.id = plain.source, plain.id
    result_cache.store(file, nbformat.writes(node).encode())
    return node, time.perf_counter() - begun


def _execute(job: Job, node: NotebookNode) -> NotebookNode:
    """The executed notebook. Raises TriptychError with the job and the last line of an error."""
    for tried in range(1, TRIES + 1):
        try:
            return notebooks.execute(node, timeout=job.patience)
        except Exception as error:
            if isinstance(error, CellTimeoutError) and tried < TRIES:
                continue
            last = [line for line in str(error).splitlines() if line.strip()]
            raise TriptychError(f"{job} failed: {(last or [type(error).__name__])[-1]}") from error
    raise AssertionError("unreachable")


@cache
def surroundings(number: int, backend: str, language: str) -> str:
    """The digest of what a lesson on a backend depends on, besides its notebook's text."""
    lesson = f"lessons.{LESSONS[number].file.removesuffix('.py')}"
    chosen = [name for name in (BACKENDS[backend].module, BACKENDS[backend].workers) if name]
    patterns = [] if language == "en" else [TRANSLATIONS]
    return dependencies.digest([*RUNS, lesson, *chosen], patterns)

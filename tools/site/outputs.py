"""Each lesson's outputs on each backend: executed notebooks, cached until a dependency changes.

The outputs depend on more than the notebook's text: on the modules that it can import, the data,
the packages, and the settings of the run. All of these are in the digest that names the cached
entry, because the cache of myst-nb depends on the text alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import nbformat
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode

from adapters import BACKENDS
from adapters.contract import TriptychError
from classroom import notebooks
from course.lessons import LESSONS
from tools.site import dependencies, result_cache

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
    jobs: Iterable[Job], at_once: int | None, report: Callable[[str], object]
) -> dict[Job, NotebookNode]:
    """The notebook of each job with its outputs, from the cache or from a kernel of its own.

    Each runs in a process: a Jupyter client needs an event loop, and threads would share its state.
    Raises TriptychError with lesson, backend and error for the first one that fails.
    """
    notebooks_of, cached = {}, 0
    with ProcessPoolExecutor(at_once or os.cpu_count(), get_context("spawn")) as pool:
        waiting = {pool.submit(one, job): job for job in jobs}
        try:
            for future in as_completed(waiting):
                job = waiting[future]
                notebooks_of[job], seconds = future.result()
                report(f"{job}: " + (f"{seconds:.1f} s" if seconds else "from the cache"))
                cached += not seconds
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    report(f"{cached} of {len(notebooks_of)} notebooks from the cache, {result_cache.folder()}")
    return notebooks_of


def one(job: Job) -> tuple[NotebookNode, float]:
    """A job's executed notebook, and the seconds that it took; 0 if it was cached."""
    node = notebooks.notebook(job.number, job.backend, language=job.language, epochs=job.epochs)
    entry = result_cache.entry(
        f"{job.number}-{job.backend}-{job.language}",
        [surroundings(job.number, job.backend, job.language), nbformat.writes(node)],
    )
    cached = result_cache.load(entry)
    if cached is not None:
        return nbformat.reads(cached.decode(), as_version=4), 0.0
    begun = time.perf_counter()
    for tried in range(1, TRIES + 1):
        try:
            node = notebooks.execute(node, timeout=job.patience)
            break
        except Exception as error:
            if isinstance(error, CellTimeoutError) and tried < TRIES:
                continue
            last = [line for line in str(error).splitlines() if line.strip()]
            raise TriptychError(f"{job} failed: {(last or [type(error).__name__])[-1]}") from error
    result_cache.store(entry, nbformat.writes(node).encode())
    return node, time.perf_counter() - begun


@cache
def surroundings(number: int, backend: str, language: str) -> str:
    """The digest of what a lesson on a backend depends on, besides its notebook's text."""
    lesson = f"lessons.{LESSONS[number].file.removesuffix('.py')}"
    chosen = [name for name in (BACKENDS[backend].module, BACKENDS[backend].workers) if name]
    patterns = [] if language == "en" else [TRANSLATIONS]
    return dependencies.digest([*RUNS, lesson, *chosen], patterns)

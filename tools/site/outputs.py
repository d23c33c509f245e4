"""Each lesson's outputs on each backend: executed notebooks, cached until a dependency changes.

The outputs depend on more than the notebook's text: on the modules that it imports, the packages,
and the settings of the run. All of these are in the digest that names the cached file, because the
cache of myst-nb depends on the text alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode

from adapters.contract import TriptychError
from adapters.environment import cache_folder
from classroom import notebooks
from course.digests import digest_of, digests_of_files
from datasets.atomic_files import write_whole

# What can change what a lesson prints or a comparison shows: the files that a lesson can import,
# the modules that run a notebook, and the translations.
CODE = (
    "adapters/**/*", "course/**/*", "compare/**/*", "datasets/**/*", "injections/**/*",
    *(f"classroom/{name}.py" for name in ("kernel", "execution", "notebooks", "setup_cells")),
    "lessons/locale/**/*.po",
)  # fmt: skip
DIGITS = 20  # of a digest
MOST_CACHED = 3  # of one lesson on one backend: with other code, or fewer epochs
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
    notebooks_of = {}
    with ProcessPoolExecutor(at_once or os.cpu_count(), get_context("spawn")) as pool:
        waiting = {pool.submit(one, job): job for job in jobs}
        try:
            for future in as_completed(waiting):
                job = waiting[future]
                notebooks_of[job], seconds = future.result()
                report(f"{job}: " + (f"{seconds:.1f} s" if seconds else "from the cache"))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return notebooks_of


def one(job: Job) -> tuple[NotebookNode, float]:
    """A job's executed notebook, and the seconds that it took; 0 if it was cached."""
    node = notebooks.notebook(job.number, job.backend, language=job.language, epochs=job.epochs)
    cached = cache_file(
        f"{job.number}-{job.backend}-{job.language}", nbformat.writes(node), ".ipynb"
    )
    if cached.is_file():
        return nbformat.read(cached, as_version=4), 0.0
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
    store(cached, nbformat.writes(node).encode())
    return node, time.perf_counter() - begun


def cache_file(name: str, text: str, suffix: str) -> Path:
    """The file that caches the result for this text, with the digest of all dependencies."""
    digest = digest_of([surroundings(), text])[:DIGITS]
    return cache_folder() / "site" / f"{name}-{digest}{suffix}"


def store(file: Path, content: bytes) -> None:
    """Write a file whole, and remove the oldest of its kind."""
    write_whole(file, content)
    name = file.name[: -len(file.suffix) - DIGITS]
    same = sorted(file.parent.glob(f"{name}{'?' * DIGITS}{file.suffix}"), key=_age)
    for old in same[MOST_CACHED:]:
        old.unlink(missing_ok=True)


def _age(file: Path) -> float:
    """A key that sorts the newest file first; a file that is gone counts as the oldest."""
    return -file.stat().st_mtime if file.exists() else 0.0


@cache
def surroundings() -> str:
    """The digest of a lesson's surroundings: code, data, and the versions of all packages."""
    packages = sorted({f"{d.name}=={d.version}" for d in distributions()})
    return digest_of([digests_of_files(*CODE), packages])

"""Make the rows of a backend on the workers of a dask cluster, one release on each at a time.

Each worker builds the environments in its own checkout. Workers on one machine share theirs, and
wait for one another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from compare.backends import LessonTask
from compare.cluster import task as on_worker
from compare.cluster.executor import Cluster
from compare.releases.releases import Release
from datasets.atomic_files import write_whole
from triptych.ledger.rows import Row, read

POLL_INTERVAL = 0.5  # seconds between two looks at the cluster
MODULE = ("-P", "-m", "compare.releases")


class Releases(Cluster):
    """Measures releases; the row of each is written as soon as it is there."""

    work = staticmethod(on_worker.run_release)

    def _packages(self) -> set[str]:
        return set()  # a release has an environment of its own

    def _publish(self, name: str, files: on_worker.Files, out: str) -> Path:
        file = Path(out, name)
        write_whole(file, files[name])
        return file


def order_of(backend: str, release: Release, home: Path) -> LessonTask:
    """The task that makes one row."""
    chosen = [f"--backend={backend}", f"--versions={release.version}", "--wait"]
    return LessonTask(
        f"{backend} {release.version}", [], backend=backend, arguments=[*MODULE, *chosen],
        home=str(home),
    )  # fmt: skip


def make(
    backend: str, releases: Sequence[Release], home: Path, scheduler: str,
    say: Callable[[str], object],
) -> list[Row]:  # fmt: skip
    """Measure releases on the cluster and write their rows; a release that fails is said.

    Raises TriptychError if the scheduler or its workers cannot be used.
    """
    rows: list[Row] = []
    if not releases:
        return rows
    tasks = [order_of(backend, release, home) for release in releases]
    with Releases(tasks, scheduler, len(tasks)) as cluster:
        while tasks:
            cluster.poll()
            for task in [one for one in tasks if one.finished]:
                tasks.remove(task)
                rows += [read(file) for file in task.records]
                ending = f"measured in {task.seconds:.0f} s" if task.records else task.reason
                say(f"{task.name}: {ending}")
            time.sleep(POLL_INTERVAL)
    return rows

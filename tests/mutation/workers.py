"""Workers and their jobs: processes that answer a JSON line with a JSON line."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

from course.json_process import JsonProcess, Message, ProcessFailed
from tests.mutation.mutants import ROOT

LEFT_BEHIND = (".git", ".venv*", "results", "build", "__pycache__", "*_cache", ".hypothesis")


@contextmanager
def copied_tree() -> Iterator[Path]:
    """A copy of the tree, in which a mutant's text can take a file's place; it goes at the end."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_BEHIND), symlinks=True)
        yield tree


class Worker:
    """One process that answers jobs, started again when it has died or taken too long."""

    def __init__(self, module: str, *arguments: str, tree: Path = ROOT) -> None:
        self.module, self.arguments, self.tree = module, arguments, tree
        self.process: JsonProcess | None = None

    def ask(self, job: Message, patience: float) -> Message | None:
        """The answer to a job; None where the process died of it or did not answer in time."""
        if self.process is None:
            self.process = JsonProcess(
                self.module, *self.arguments, root=self.tree, cwd=self.tree,
                variables={"PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        self.process.patience = patience
        try:
            return self.process.ask(job)
        except ProcessFailed:
            self.close()
            return None

    def close(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.close()
            self.process = None


def free(workers: list[Any]) -> Queue[Any]:
    """The workers as a queue, from which a thread takes one and puts it back."""
    queue: Queue[Any] = Queue()
    for worker in workers:
        queue.put(worker)
    return queue

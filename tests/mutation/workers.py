"""Workers and their jobs: processes that answer a JSON line with a JSON line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from select import select
from typing import Any

from adapters import environment
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
        self.command = [sys.executable, "-m", module, *arguments]
        self.tree = tree
        self.process: subprocess.Popen[str] | None = None

    def ask(self, job: dict[str, Any], patience: float) -> dict[str, Any] | None:
        """The answer to a job; None where the process died of it or did not answer in time."""
        if self.process is None:
            environ = environment.allowed(os.environ)
            self.process = subprocess.Popen(
                self.command, cwd=self.tree, text=True, bufsize=1,
                env=environ | {"PYTHONPATH": str(self.tree), "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        try:
            pipe_in.write(json.dumps(job) + "\n")
            pipe_in.flush()
            line = pipe_out.readline() if select([pipe_out], [], [], patience)[0] else ""
        except BrokenPipeError:
            line = ""
        if not line:
            self.close()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def free(workers: list[Any]) -> Queue[Any]:
    """The workers as a queue, from which a thread takes one and puts it back."""
    queue: Queue[Any] = Queue()
    for worker in workers:
        queue.put(worker)
    return queue

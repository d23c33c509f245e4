"""Run the snippets of several backends, each in a process of its own, one per core at a time.

A process writes its results to a file. Its output is kept only to explain a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from triptych.backends import BACKENDS, process_environment
from triptych.differences.reading import HOME
from triptych.errors import TriptychError, require, unknown

# The slowest start first, so that no core idles at the end: XLA compiles every operation.
SLOWEST = ("keras-jax", "jax", "keras")
POLL = 0.05  # seconds
ROOT = Path(__file__).parents[2]  # the folder that holds the package, here or in site-packages
# ROOT comes last on the path, so that it hides no module of the standard library.
START = "import sys; sys.path.append(sys.argv.pop(1)); " + (
    "from triptych.differences import observe; observe.main()"
)
Report = Callable[[str, str], None]  # called with a backend and its state


class ObservationError(TriptychError):
    """A backend's process failed; signal: the number of the one that ended it, or 0."""

    def __init__(self, message: str, signal: int = 0) -> None:
        super().__init__(message)
        self.signal = signal


class Observation:
    """The process that runs one backend's snippets."""

    def __init__(
        self, backend: str, names: Sequence[str], home: Path, python: Path, scratch: Path
    ) -> None:
        folder = scratch / backend
        folder.mkdir()
        self.result, self.log = folder / "result.json", folder / "log.txt"
        # -P: do not import a torch.py from the user's folder.
        command = [str(python), "-P", "-c", START, str(ROOT), backend, str(home), str(self.result)]
        self.started = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *names], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=process_environment(backend, folder),
            )  # fmt: skip

    @property
    def state(self) -> str:
        """ "running", "done after 1.2 s", or "failed: " and the reason."""
        status = self.process.poll()
        if status is None:
            return "running"
        if status == 0 and self.result.is_file():
            return f"done after {time.monotonic() - self.started:.1f} s"
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        printed = [line.strip() for line in lines if line.strip()]
        ended = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
        return ": ".join(["failed", ended, *printed[-1:]])


def observe_all(
    backends: Sequence[str],
    names: Sequence[str] = (),
    *,
    home: Path = HOME,
    python: Path = Path(sys.executable),
    report: Report = lambda backend, state: None,
) -> dict[str, dict[str, Any]]:
    """{backend: {entry: {"default": value, "matched": value}}}.

    Or {"missing": packages} for an entry that needs others, or {"broken": reason}.

    names: of the entries, by default all; home: the folder of the topics; python: an interpreter
    that has the frameworks. Raises ObservationError for the first backend whose process fails.
    """
    for backend in backends:
        require(backend in BACKENDS, unknown("backend", backend, BACKENDS))
    order = sorted(backends, key=lambda b: SLOWEST.index(b) if b in SLOWEST else len(SLOWEST))
    running: dict[str, Observation] = {}
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="triptych-", ignore_cleanup_errors=True) as scratch:
        try:
            while order or running:
                while order and len(running) < (os.cpu_count() or 1):
                    backend = order.pop(0)
                    running[backend] = Observation(backend, names, home, python, Path(scratch))
                    report(backend, "running")
                time.sleep(POLL)
                for backend, observation in list(running.items()):
                    state = observation.state
                    if state != "running":
                        del running[backend]
                        report(backend, state)
                    if state.startswith("failed"):
                        reason = state.removeprefix("failed: ")
                        number = max(0, -observation.process.returncode)
                        raise ObservationError(f"{backend} cannot be run: {reason}", number)
                    if state != "running":
                        results[backend] = json.loads(observation.result.read_text("utf-8"))
        finally:
            for observation in running.values():
                observation.process.kill()
                observation.process.wait()
    return {backend: results[backend] for backend in backends}

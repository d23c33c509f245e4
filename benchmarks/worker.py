"""A process with one backend's implementations, which times an epoch of any of them.

    python -m benchmarks.worker --backend torch --threads 2 --folder /tmp/what-lessons-fix

Requests and answers are lines of JSON. `{"make": "program", "lesson": 4}` creates an implementation
and runs its first epochs, in which compilers do their work; `{"lap": "program"}` times one more. A
new lesson discards the implementations of the one before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.implementations import Implementation, implementation
from benchmarks.problem import WARM
from course.json_process import answer_channel, requests


def timed(epoch: Callable[[], Any]) -> float:
    """The seconds that a call takes."""
    start = time.perf_counter()
    epoch()
    return time.perf_counter() - start


class Worker:
    """The implementations of a lesson that were created so far."""

    def __init__(self, backend: str, threads: int, folder: Path) -> None:
        self.backend, self.threads, self.folder = backend, threads, folder
        self.lesson = 0
        self.implementations: dict[str, Implementation] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, float]:
        """Create an implementation, or time a lap (seconds)."""
        if "lap" in request:
            return {"seconds": timed(self.implementations[request["lap"]].epoch)}
        if self.lesson != request["lesson"]:
            self.lesson = request["lesson"]
            self.implementations.clear()
        created = implementation(
            request["make"], self.backend, self.threads, self.lesson, self.folder
        )
        self.implementations[request["make"]] = created
        for _ in range(WARM):
            created.epoch()
        return {}


def main() -> None:
    """Answer requests until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args()
    answer = answer_channel()
    worker = Worker(args.backend, args.threads, args.folder)
    for request in requests():
        answer(worker.answer(request))


if __name__ == "__main__":
    main()

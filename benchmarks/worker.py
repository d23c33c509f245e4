"""A process with one backend's implementations, which times an epoch of any of them.

    python -m benchmarks.worker --backend torch --threads 2

Requests and answers are lines of JSON. `{"make": "peer", "network": "784-10"}` creates an
implementation and runs its first two epochs, in which compilers do their work; `{"lap": "peer"}`
times one more. A new network discards the implementations of the previous one.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from benchmarks.implementations import Implementation, implementation
from benchmarks.problem import Problem, problem
from course.json_process import answer_channel, requests


def timed(epoch: Any) -> float:
    """The seconds that a call takes."""
    start = time.perf_counter()
    epoch()
    return time.perf_counter() - start


class Worker:
    """The implementations created so far, and their problem."""

    def __init__(self, backend: str, threads: int) -> None:
        self.backend, self.threads = backend, threads
        self.network = ""
        self.problem: Problem | None = None
        self.implementations: dict[str, Implementation] = {}

    def answer(self, request: dict[str, str]) -> dict[str, float]:
        """Create an implementation (seconds for that and its first two epochs), or time a lap."""
        if "lap" in request:
            return {"seconds": timed(self.implementations[request["lap"]].epoch)}
        if self.network != request["network"]:
            self.network, self.problem = request["network"], problem(request["network"])
            self.implementations.clear()
        assert self.problem is not None
        start, name = time.perf_counter(), request["make"]
        created = implementation(name, self.backend, self.threads, self.problem)
        self.implementations[name] = created
        making = time.perf_counter() - start
        return {"making": making, "first": timed(created.epoch), "second": timed(created.epoch)}


def main() -> None:
    """Answer requests until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--threads", type=int, required=True)
    args = parser.parse_args()
    answer = answer_channel()
    worker = Worker(args.backend, args.threads)
    for request in requests():
        answer(worker.answer(request))


if __name__ == "__main__":
    main()

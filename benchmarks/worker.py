"""A process that holds the contestants of one backend, and times an epoch of whichever is asked.

    python -m benchmarks.worker --backend torch --threads 2

Requests and answers are lines of JSON. `{"make": "peer", "network": "784-10"}` makes a contestant
and runs its first two epochs, in which compilers do their work; `{"lap": "peer"}` times one more.
A new network forgets the contestants of the one before.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from typing import Any

from benchmarks.implementations import Contestant, contestant
from benchmarks.problem import Problem, problem


def timed(epoch: Any) -> float:
    """The seconds that a call takes."""
    start = time.perf_counter()
    epoch()
    return time.perf_counter() - start


class Worker:
    """The contestants that are there, and the problem that they are at."""

    def __init__(self, backend: str, threads: int) -> None:
        self.backend, self.threads = backend, threads
        self.network = ""
        self.problem: Problem | None = None
        self.there: dict[str, Contestant] = {}

    def answer(self, request: dict[str, str]) -> dict[str, float]:
        """Make a contestant (seconds to make it, and of its first two epochs), or time a lap."""
        if "lap" in request:
            return {"seconds": timed(self.there[request["lap"]].epoch)}
        if self.network != request["network"]:
            self.network, self.problem = request["network"], problem(request["network"])
            self.there.clear()
        assert self.problem is not None
        start, name = time.perf_counter(), request["make"]
        made = contestant(name, self.backend, self.threads, self.problem)
        self.there[name] = made
        making = time.perf_counter() - start
        return {"making": making, "first": timed(made.epoch), "second": timed(made.epoch)}


def main() -> None:
    """Answer until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--threads", type=int, required=True)
    args = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w")  # what a framework prints is no answer
    os.dup2(2, 1)
    worker = Worker(args.backend, args.threads)
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()

"""A process that starts from nothing, makes its first step, and says what it has cost.

    python -m benchmarks.cold_start --backend jax --who backend --network 784-256-10 --threads 2

First line: the seconds from data in hand to the loss of the first batch, a compiler's work
included. Second: the first epoch, further epochs, and the most memory held until then.
"""

from __future__ import annotations

import argparse
import json
import os
import time

import numpy as np

from adapters import load
from benchmarks.implementations import Backend, contestant
from benchmarks.problem import BATCH, ROWS, problem
from benchmarks.worker import timed
from course.card import peak_memory_mb

ENOUGH = 4.0  # seconds of laps, after which the next one is not begun


def main() -> None:
    """Start, step, train, and say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--who", choices=["backend", "peer"], default="backend")
    parser.add_argument("--network", required=True)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--laps", type=int, default=1)
    parser.add_argument("--threads", type=int, required=True)
    args = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w")  # what a framework prints is no answer
    os.dup2(2, 1)
    load(args.backend, dtype="float32", device="cpu", threads=args.threads)
    p = problem(args.network, args.rows, args.batch)
    first = p.of_rows(np.arange(min(args.batch, args.rows)))
    begun = time.perf_counter()
    made = contestant(args.who, args.backend, args.threads, first)
    if isinstance(made, Backend):
        made.model.step(first.x, first.y)
    else:
        made.epoch()  # of one batch
    print(json.dumps({"first_step": time.perf_counter() - begun}), file=answers, flush=True)
    made = contestant(args.who, args.backend, args.threads, p)
    told = {"first_epoch": timed(made.epoch)}
    laps: list[float] = []
    while len(laps) < args.laps and (not laps or sum(laps) < ENOUGH):
        laps.append(timed(made.epoch))
    print(json.dumps(told | {"laps": laps, "peak_mb": peak_memory_mb()}), file=answers, flush=True)


if __name__ == "__main__":
    main()

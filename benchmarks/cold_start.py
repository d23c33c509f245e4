"""A fresh process that makes its first step and reports its costs.

    python -m benchmarks.cold_start --backend jax --who backend --network 784-256-10 --threads 2

First line: the seconds from data in memory to the loss of the first batch, including compilation.
Second line: the first epoch, further epochs, and the peak memory until then.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from adapters import load
from benchmarks.implementations import Backend, implementation
from benchmarks.problem import BATCH, ROWS, problem
from benchmarks.worker import timed
from course.card import peak_memory_mb
from course.json_process import answer_channel

ENOUGH = 4.0  # seconds of laps, after which no further lap starts


def main() -> None:
    """Load, make a step, train, and print the costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--who", choices=["backend", "peer"], default="backend")
    parser.add_argument("--network", required=True)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--laps", type=int, default=1)
    parser.add_argument("--threads", type=int, required=True)
    args = parser.parse_args()
    answer = answer_channel()
    load(args.backend, dtype="float32", device="cpu", threads=args.threads)
    p = problem(args.network, args.rows, args.batch)
    first = p.of_rows(np.arange(min(args.batch, args.rows)))
    started_at = time.perf_counter()
    model = implementation(args.who, args.backend, args.threads, first)
    if isinstance(model, Backend):
        model.model.step(first.x, first.y)
    else:
        model.epoch()  # of one batch
    answer({"first_step": time.perf_counter() - started_at})
    model = implementation(args.who, args.backend, args.threads, p)
    costs: dict[str, Any] = {"first_epoch": timed(model.epoch)}
    laps: list[float] = []
    while len(laps) < args.laps and (not laps or sum(laps) < ENOUGH):
        laps.append(timed(model.epoch))
    costs |= {"laps": laps, "peak_mb": peak_memory_mb()}
    answer(costs)


if __name__ == "__main__":
    main()

"""A fresh process that trains from the start and reports its costs, in one of two ways.

    python -m benchmarks.cold_start --backend jax --threads 2 --who program --lesson 4 --data FILE
    python -m benchmarks.cold_start --backend jax --threads 2 --width 256 --rows 10000 --batch 128

The first trains a lesson's network for the epochs of the file and predicts its test rows, by the
adapter or by the native program as it is. The second makes one step (the seconds from data in
memory to its loss, compilation included), and then epochs.
"""

from __future__ import annotations

import argparse
import os
import runpy
from pathlib import Path
from typing import Any

import numpy as np

from adapters import BACKENDS, environment, load
from benchmarks.implementations import Backend, framework_of
from benchmarks.problem import DTYPE, of_size, read
from benchmarks.worker import timed
from compare.native.programs import file_of
from course.card import peak_memory_mb
from course.json_process import answer_channel
from triptych.lesson_data import FILE

ENOUGH = 4.0  # seconds of laps, after which no further lap starts


def by_adapter(backend: str, threads: int, data: Path) -> float:
    """Do with an adapter what a native program does with these data; the accuracy."""
    ours = Backend(backend, threads, read(data))
    for _ in ours.problem.orders:
        ours.epoch()
    with np.load(data, allow_pickle=False) as given:
        return float((ours.model.forward(given["x_test"]).argmax(1) == given["y_test"]).mean())


def by_program(backend: str, threads: int, lesson: int, data: Path) -> None:
    """Run the native program of a backend's framework as it is, in a lesson's environment."""
    environment.configure("cpu", threads, BACKENDS[backend].environment, os.environ)
    os.environ[FILE] = str(data)
    runpy.run_path(str(file_of(lesson, framework_of(backend))), run_name="__main__")


def of_any_size(backend: str, threads: int, sizes: tuple[int, int, int], most: int) -> Any:
    """The seconds of a first step and of `most` epochs at most; sizes: width, rows, batch."""
    load(backend, dtype=DTYPE, device="cpu", threads=threads)
    problem = of_size(*sizes, epochs=most + 1)
    batch = problem.first_batch()
    first = timed(lambda: Backend(backend, threads, problem).model.step(*batch))
    ours = Backend(backend, threads, problem)
    ours.epoch()
    laps: list[float] = []
    while len(laps) < most and sum(laps) < ENOUGH:
        laps.append(timed(ours.epoch))
    return {"first_step": first, "laps": laps}


def main() -> None:
    """Train, and answer with the costs when all is done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--who", choices=["backend", "program"])
    parser.add_argument("--lesson", type=int)
    parser.add_argument("--data", type=Path)
    for size in ("width", "rows", "batch", "laps"):
        parser.add_argument(f"--{size}", type=int, default=1)
    args = parser.parse_args()
    answer = answer_channel()
    common, costs = (args.backend, args.threads), {}
    if args.who is None:
        costs = of_any_size(*common, (args.width, args.rows, args.batch), args.laps)
    elif args.who == "backend":
        print("accuracy", by_adapter(*common, args.data))
    else:
        by_program(*common, args.lesson, args.data)
    answer(costs | {"peak_mb": peak_memory_mb()})


if __name__ == "__main__":
    main()

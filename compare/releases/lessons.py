"""python -m compare.releases.lessons BACKEND DTYPE OUT RESULT LESSON …: lessons in one process.

The framework is imported once. It runs in the environment of a release; importing the adapter is
the first thing that can fail. RESULT, a JSON file, is written anew after each lesson, so that a
lesson that ends the process costs only itself.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from adapters import load
from course import result_file
from course.runner import run_seeds
from course.settings import Settings
from datasets.atomic_files import write_whole
from triptych.ledger.rows import to_json

EPOCHS = 1  # a changed formula shows in the first steps
LONGEST = 300  # characters of a reason


def main(backend: str, dtype: str, out: str, result: str, *numbers: str) -> None:
    """Run the lessons, and write the defaults and what became of each lesson."""
    file = Path(result)
    report: dict[str, Any] = {"lessons": {}}
    report["defaults"] = to_json(load(backend, dtype=dtype, device="cpu").DEFAULTS)
    for number in map(int, numbers):
        report["lessons"][number] = {"reason": "it ended the process", "seconds": 0.0}
        _write(file, report)
        report["lessons"][number] = run(number, backend, dtype, out)
        _write(file, report)


def run(number: int, backend: str, dtype: str, out: str) -> dict[str, Any]:
    """Run one lesson: the folder of its record, or the reason why there is none; the seconds."""
    settings = Settings(
        backend, dtype, "cpu", epochs=EPOCHS, out=out, draw=False, probes=True
    )  # fmt: skip
    named = Path(out) / f"lesson{number}.json"
    start, outcome = time.perf_counter(), dict[str, Any]()
    try:
        run_seeds(number, settings, 1, named)
        outcome["folder"] = str(result_file.read(named)[-1])
    except Exception as error:  # noqa: BLE001 - whatever a release raises is its result
        outcome["reason"] = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
    return outcome | {"seconds": round(time.perf_counter() - start, 1)}


def _write(file: Path, report: dict[str, Any]) -> None:
    write_whole(file, json.dumps(report).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # skip the framework's own shutdown

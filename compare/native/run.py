"""python -m compare.native.run --lesson 4 --framework torch --data file.npz --out result.npz

Run one native program in this process, from what the lesson fixed, and write what it leaves.
"""

from __future__ import annotations

import argparse
import io
import os
import runpy
import time
import warnings
from pathlib import Path

import numpy as np

from adapters.contract import Array
from compare.native.programs import file_of, result
from datasets.atomic_files import write_whole
from triptych.lesson_data import FILE


def run(lesson: int, framework: str, data: Path | None) -> dict[str, Array]:
    """Run a program, from a file of `make native` or by itself; what it leaves, and its seconds.

    A warning is an error: an author of the framework would not sign a deprecated call.
    """
    os.environ.pop(FILE, None)
    if data is not None:
        os.environ[FILE] = str(data)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names = runpy.run_path(str(file_of(lesson, framework)), run_name="__main__")
    return result(framework, names) | {"seconds": np.array(time.perf_counter() - start)}


def main() -> None:
    """Run the program that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lesson", type=int, required=True)
    parser.add_argument("--framework", required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    content = io.BytesIO()
    np.savez(content, **run(args.lesson, args.framework, args.data))
    write_whole(args.out, content.getvalue())


if __name__ == "__main__":
    main()

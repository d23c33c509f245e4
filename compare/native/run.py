"""python -m compare.native.run torch: run native programs of one framework, one after the other.

A request is {"lesson": 4, "data": file or null, "out": file}. The answer, {"seconds": 1.2} or
{"error": one line}, comes when the file is written with what the program leaves.
"""

from __future__ import annotations

import io
import os
import runpy
import sys
import time
import traceback
import warnings
from pathlib import Path

import numpy as np

from adapters.contract import Array
from adapters.environment import configure
from compare.native.fixed import read
from compare.native.programs import file_of, result
from course.json_process import JsonProcess, ProcessFailed, answer_channel, requests
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
        # Not the program's: AutoGraph builds nodes in a way that Python 3.13 deprecates. As an
        # error this leaves a loop over a dataset unconverted, and then it never ends.
        warnings.filterwarnings("default", category=DeprecationWarning, module=r"(ast|gast)\b")
        names = runpy.run_path(str(file_of(lesson, framework)), run_name="__main__")
    return result(framework, names) | {"seconds": np.array(time.perf_counter() - start)}


def started(framework: str, threads: int) -> JsonProcess:
    """A process that runs programs of this framework, with the environment of a lesson."""
    variables: dict[str, str] = {}
    configure("auto", threads, {"KERAS_BACKEND": "tensorflow"}, variables)
    return JsonProcess("compare.native.run", framework, variables=variables)


def left_by(process: JsonProcess, lesson: int, data: Path, out: Path) -> dict[str, Array]:
    """What a program leaves when it has run in this process; ProcessFailed says why it failed.

    out: a file for its arrays.
    """
    answer = process.ask({"lesson": lesson, "data": str(data), "out": str(out)})
    if "error" in answer:
        raise ProcessFailed(answer["error"])
    return read(out)


def _answer(framework: str, lesson: int, data: str | None, out: str) -> dict[str, object]:
    try:
        arrays = run(lesson, framework, Path(data) if data else None)
    except Exception as error:  # noqa: BLE001 - whatever a program raises
        traceback.print_exc()
        return {"error": f"{file_of(lesson, framework).name}: {type(error).__name__}: {error}"}
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]
    write_whole(Path(out), content.getvalue())
    return {"seconds": float(arrays["seconds"])}


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    answer = answer_channel()
    for request in requests():
        answer(_answer(sys.argv[1], **request))


if __name__ == "__main__":
    main()

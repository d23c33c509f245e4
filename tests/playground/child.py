"""python -m tests.playground.child torch: run exported programs of a framework, one by one.

A request is {"program": file, "out": file}. The answer, {} or {"error": one line}, comes when the
file is written with the program's losses and weights.
"""

from __future__ import annotations

import runpy
import sys
import traceback
import warnings

import numpy as np

from compare.native.programs import result
from course.json_process import answer_channel, requests


def main() -> None:
    """Answer requests until the parent closes the pipe. A warning is an error."""
    answer = answer_channel()
    for request in requests():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                names = runpy.run_path(request["program"], run_name="__main__")
            np.savez(request["out"], **result(sys.argv[1], names))
            answer({})
        except Exception as error:  # noqa: BLE001 - whatever a program raises
            traceback.print_exc()
            answer({"error": f"{request['program']}: {type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()

"""python -m tests.speed.same_numbers BACKEND FOLDER: the gaps of what is timed with a backend.

FOLDER has the files of benchmarks.problem. The answer is JSON: for each lesson and program the
share of the budget that it and the adapter differ by, and for each lesson the error of the
products. It runs in a process of its own, since it imports a framework.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from adapters.layers import Conv2D
from benchmarks import convolution_limit, matmul_limit
from benchmarks.implementations import framework_of, used_budget
from benchmarks.problem import LESSONS, Problem, data_file, read
from compare.native.programs import MISSING, STRAIGHT
from course.json_process import answer_channel


def gaps(backend: str, folder: Path) -> dict[str, dict[str, float]]:
    """By what is timed, `4 torch` or `4 products`: the largest gaps."""
    results = {}
    for lesson in LESSONS:
        data = data_file(folder, lesson, "short")
        programs = [framework_of(backend)]
        if backend == "numpy" and (lesson, "sklearn") not in {*STRAIGHT, *MISSING}:
            programs.append("sklearn")
        for framework in programs:
            results[f"{lesson} {framework}"] = used_budget(backend, 1, lesson, framework, data)
        problem = read(data)
        exact = (
            windows_by_hand(problem)
            if lesson == 7
            else by_hand(matmul_limit.kernels(problem), matmul_limit.batches(problem)[-1])
        )
        actual = matmul_limit.products(backend, problem).epoch()
        results[f"{lesson} products"] = {
            "error": max(
                float(np.abs(a - b).max() / np.abs(b).max())
                for a, b in zip(actual, exact, strict=True)
            )
        }
    return results


def by_hand(kernels: list[np.ndarray], x: np.ndarray) -> list[np.ndarray]:
    """The products of one batch in float64."""
    inputs = [x.astype(np.float64)]
    for w in kernels:
        inputs.append(inputs[-1] @ w)
    g, slopes = inputs[-1], []
    for i in reversed(range(len(kernels))):
        slopes.insert(0, inputs[i].T @ g)
        g = g @ kernels[i].T
    return slopes


def windows_by_hand(problem: Problem) -> list[np.ndarray]:
    """The kernels' gradients of one batch of a network with windows, in float64."""
    layers = convolution_limit.works(problem)
    slopes = []
    for i, work in enumerate(layers):
        x = convolution_limit.batches(problem)[-1] if i == 0 else work.inputs
        x, kernel = x.astype(np.float64), work.kernel.astype(np.float64)
        if isinstance(work.layer, Conv2D):
            seen = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))  # (n, h, w, c, k, k)
            g = np.einsum("nhwcij,ijco->nhwo", seen, kernel, optimize=True)
            slopes.append(np.einsum("nhwcij,nhwo->ijco", seen, g, optimize=True))
        else:
            slopes.append(x.T @ (x @ kernel))
    return slopes


if __name__ == "__main__":
    answer = answer_channel()
    answer(gaps(sys.argv[1], Path(sys.argv[2])))

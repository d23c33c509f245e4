"""NumPy's BLAS, into preallocated arrays."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array, Params
from benchmarks import matmul_limit
from benchmarks.problem import Problem


class Products:
    """`np.matmul` with `out`."""

    def __init__(self, problem: Problem) -> None:
        self.batches, self.kernels = matmul_limit.batches(problem), matmul_limit.kernels(problem)
        shapes = [(problem.batch_size, n) for n in matmul_limit.widths(problem)]
        self.outputs = [np.zeros(shape, np.float32) for shape in shapes[1:]]
        self.back = [np.zeros(shape, np.float32) for shape in shapes[:-1]]
        self.slopes = [np.zeros_like(w) for w in self.kernels]

    def epoch(self) -> Params:
        for x in self.batches:
            self._one(x)
        return self.slopes

    def _one(self, x: Array) -> None:
        inputs = [x]
        for w, out in zip(self.kernels, self.outputs, strict=True):
            inputs.append(np.matmul(inputs[-1], w, out=out))
        g = inputs[-1]
        for i in reversed(range(len(self.kernels))):
            np.matmul(inputs[i].T, g, out=self.slopes[i])
            if i:
                g = np.matmul(g, self.kernels[i].T, out=self.back[i])

"""PyTorch's BLAS, into preallocated tensors."""

from __future__ import annotations

import torch
from torch import Tensor

from adapters.contract import Params
from benchmarks import matmul_limit
from benchmarks.problem import Problem


class Products:
    """`torch.mm` with `out`, without recording gradients."""

    def __init__(self, problem: Problem) -> None:
        self.batches = torch.from_numpy(matmul_limit.batches(problem))
        self.kernels = [torch.from_numpy(w) for w in matmul_limit.kernels(problem)]
        widths = matmul_limit.widths(problem)
        self.outputs = [torch.zeros(problem.batch_size, n) for n in widths[1:]]
        self.back = [torch.zeros(problem.batch_size, n) for n in widths[:-1]]
        self.slopes = [torch.zeros_like(w) for w in self.kernels]

    @torch.inference_mode()
    def epoch(self) -> Params:
        for x in self.batches:
            self._one(x)
        return [slope.numpy() for slope in self.slopes]

    def _one(self, x: Tensor) -> None:
        inputs = [x]
        for w, out in zip(self.kernels, self.outputs, strict=True):
            inputs.append(torch.mm(inputs[-1], w, out=out))
        g = inputs[-1]
        for i in reversed(range(len(self.kernels))):
            torch.mm(inputs[i].T, g, out=self.slopes[i])
            if i:
                g = torch.mm(g, self.kernels[i].T, out=self.back[i])

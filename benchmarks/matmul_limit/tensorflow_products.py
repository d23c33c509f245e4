"""TensorFlow's XLA, the whole epoch as one compiled loop."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from adapters.contract import Params
from benchmarks import matmul_limit
from benchmarks.problem import Problem


class Products:
    """`tf.matmul` in a `tf.while_loop` that XLA compiles."""

    def __init__(self, problem: Problem) -> None:
        self.batches = tf.constant(matmul_limit.batches(problem))
        self.kernels = [tf.constant(w) for w in matmul_limit.kernels(problem)]

    def epoch(self) -> Params:
        return [slope.numpy() for slope in self._epoch(self.batches, self.kernels)]

    @tf.function(jit_compile=True)
    def _epoch(self, batches: Any, kernels: list[Any]) -> list[Any]:
        slopes = [tf.zeros_like(w) for w in kernels]
        for i in tf.range(len(batches)):
            inputs = [batches[i]]
            for w in kernels:
                inputs.append(inputs[-1] @ w)
            g, slopes = inputs[-1], []
            for k in reversed(range(len(kernels))):
                slopes.insert(0, tf.matmul(inputs[k], g, transpose_a=True))
                if k:
                    g = tf.matmul(g, kernels[k], transpose_b=True)
        return slopes

"""JAX's XLA, the whole epoch as one compiled loop."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adapters.contract import Params
from benchmarks import matmul_limit
from benchmarks.problem import Problem


@jax.jit
def _epoch(batches: Any, kernels: list[Any]) -> list[Any]:
    def one(_: list[Any], x: Any) -> tuple[list[Any], None]:
        inputs = [x]
        for w in kernels:
            inputs.append(inputs[-1] @ w)
        g, slopes = inputs[-1], list[Any]()
        for i in reversed(range(len(kernels))):
            slopes.insert(0, inputs[i].T @ g)
            if i:
                g = g @ kernels[i].T
        return slopes, None

    return lax.scan(one, [jnp.zeros_like(w) for w in kernels], batches)[0]


class Products:
    """`@` in a `lax.scan`."""

    def __init__(self, problem: Problem) -> None:
        self.batches = jnp.asarray(matmul_limit.batches(problem))
        self.kernels = [jnp.asarray(w) for w in matmul_limit.kernels(problem)]

    def epoch(self) -> Params:
        return [np.asarray(slope) for slope in _epoch(self.batches, self.kernels)]

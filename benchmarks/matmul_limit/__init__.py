"""The limit: the matrix products of an epoch and nothing else, on each installed BLAS.

For each batch: forward X·W, backward aᵀ·g and g·Wᵀ, where g starts as the scores. No bias, no
activation, no loss, no update, and the batches are contiguous. The short batch at the end of an
epoch is left out, since fixed shapes are the fastest.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

import numpy as np

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Products(Protocol):
    """All products of an epoch."""

    def __init__(self, problem: Problem) -> None: ...

    def epoch(self) -> Params:
        """Multiply; returns aᵀ·g of each layer in the last batch."""
        ...


# backend: the framework whose products it uses, a file here
BLAS = {
    "numpy": "numpy",
    "torch": "torch",
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
    "keras-torch": "torch",
    "keras-jax": "jax",
    "jax": "jax",
    "pytensor": "numpy",
}


def products(backend: str) -> type[Products]:
    """Import the class for a backend's framework."""
    cls: type[Products] = import_module(
        f"benchmarks.matmul_limit.{BLAS[backend]}_products"
    ).Products
    return cls


def batches(problem: Problem) -> Array:
    """The whole batches, (steps, batch_size, 784)."""
    steps = len(problem.x) // problem.batch_size
    return problem.x[: steps * problem.batch_size].reshape(steps, problem.batch_size, -1)


def kernels(problem: Problem) -> Params:
    """Each layer's kernel (n_in, n_out); ones for zeros, which a library might not multiply."""
    return [w if w.any() else np.ones_like(w) for w in problem.params[::2]]


def widths(problem: Problem) -> list[int]:
    """The widths of the input and of every layer's output."""
    return [problem.net.n_in, *(layer.n_out for layer in problem.net.layers)]

"""The implementations of an epoch that are timed in the process of a backend.

backend     `epoch` of the adapter, with a new order each time
peer        the loop that a user of the framework would write
products    the matrix products alone
sklearn     MLPClassifier, in NumPy's process
"""

from __future__ import annotations

from typing import Any, Protocol

from adapters import load
from adapters.contract import Array, Params
from benchmarks.baselines import PEERS, SKLEARN, peer
from benchmarks.matmul_limit import products
from benchmarks.problem import SEED, Problem
from course.randomness import epoch_order


class Implementation(Protocol):
    """Anything with an epoch."""

    def epoch(self) -> Any: ...


class Backend:
    """An adapter's model on a problem; its epoch includes shuffling, as a peer's does."""

    def __init__(self, backend: str, threads: int, problem: Problem) -> None:
        cls = load(backend, dtype="float32", device="cpu", threads=threads)
        self.problem, self.done = problem, 0
        self.model = cls(problem.net, problem.params, problem.optimizer)

    def epoch(self, order: Array | None = None) -> Array:
        p, self.done = self.problem, self.done + 1
        order = epoch_order(SEED, self.done, len(p.x)) if order is None else order
        return self.model.epoch(p.x, p.y, order, p.batch_size)

    def params(self) -> Params:
        return self.model.params()


def names(backend: str) -> list[str]:
    """The implementations that alternate in a backend's process."""
    return ["backend", "peer", "products", *(["sklearn"] if backend == "numpy" else [])]


def implementation(name: str, backend: str, threads: int, problem: Problem) -> Implementation:
    """Create one; the backend's settings (threads, float32) hold for all in its process."""
    load(backend, dtype="float32", device="cpu", threads=threads)
    if name == "backend":
        return Backend(backend, threads, problem)
    if name == "products":
        return products(backend)(problem)
    return peer(SKLEARN if name == "sklearn" else PEERS[backend][0])(problem)

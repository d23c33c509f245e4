"""Who can be asked for an epoch in the process of a backend: the backend, its peer, the limit.

backend      `epoch` of the adapter, on an order that it is handed, drawn anew each time
peer        what a user of the framework would write
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


class Contestant(Protocol):
    """Whoever has an epoch."""

    def epoch(self) -> Any: ...


class Backend:
    """An adapter's model on a problem; the shuffling is part of its epoch, as it is of a peer's."""

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
    """The contestants of a backend's process, those that take turns."""
    return ["backend", "peer", "products", *(["sklearn"] if backend == "numpy" else [])]


def contestant(name: str, backend: str, threads: int, problem: Problem) -> Contestant:
    """Make one; the backend's settings (threads, float32) hold for all in its process."""
    load(backend, dtype="float32", device="cpu", threads=threads)
    if name == "backend":
        return Backend(backend, threads, problem)
    if name == "products":
        return products(backend)(problem)
    return peer(SKLEARN if name == "sklearn" else PEERS[backend][0])(problem)

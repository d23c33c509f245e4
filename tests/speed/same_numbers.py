"""python -m tests.speed.same_numbers BACKEND: the gaps between a backend and its peers, as JSON.

Both get the same data, weights and order; float32, and a short last batch. It runs in a process of
its own, since it imports a framework.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks import matmul_limit
from benchmarks.baselines import PEERS, SKLEARN, peer
from benchmarks.implementations import Backend
from benchmarks.problem import SEED, problem
from course.json_process import answer_channel
from course.randomness import epoch_order

ROWS = 1_100  # eight batches of 128, and one of 76
NETWORK = "784-64-10"


def gaps(backend: str) -> dict[str, dict[str, float]]:
    """For each implementation the largest gaps of losses and weights, and the largest update."""
    p = problem(NETWORK, ROWS)
    order = epoch_order(SEED, 0, ROWS)
    ours = Backend(backend, 1, p)
    losses = ours.epoch(order)
    sizes = [len(rows) for rows in np.array_split(order, range(128, ROWS, 128))]
    results = {}
    for name in [PEERS[backend][0], *([SKLEARN] if backend == "numpy" else [])]:
        theirs = peer(name)(p, order)
        actual = theirs.epoch()
        expected = losses if len(actual) == len(losses) else [np.average(losses, weights=sizes)]
        pairs = list(zip(ours.params(), theirs.params(), p.params, strict=True))
        results[name] = {
            "loss": float(np.abs(actual - expected).max() / losses[0]),
            "weight": float(max(np.abs(a - b).max() for a, b, _ in pairs)),
            "moved": float(max(np.abs(b - start).max() for _, b, start in pairs)),
        }
    exact = by_hand([w.astype(np.float64) for w in p.params[::2]], matmul_limit.batches(p)[-1])
    actual = matmul_limit.products(backend)(p).epoch()
    worst = max(
        float(np.abs(a - b).max() / np.abs(b).max()) for a, b in zip(actual, exact, strict=True)
    )
    results["products"] = {"share": worst}
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


if __name__ == "__main__":
    answer = answer_channel()
    answer(gaps(sys.argv[1]))

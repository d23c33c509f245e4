"""JAX: a jitted step in a Python loop over NumPy batches.

After https://docs.jax.dev/en/latest/notebooks/neural_network_with_tfds_data.html: a list of pairs
(w, b), and an update that returns the next one.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from adapters.contract import Array, Params
from benchmarks.problem import Problem

Tensor = Any
Pairs = list[tuple[Tensor, Tensor]]


def predict(params: Pairs, x: Tensor) -> Tensor:
    """The logarithms of the probabilities, (n, classes)."""
    for w, b in params[:-1]:
        x = jax.nn.relu(x @ w + b)
    w, b = params[-1]
    scores = x @ w + b
    return scores - jax.nn.logsumexp(scores, axis=1, keepdims=True)


def loss_of(params: Pairs, x: Tensor, targets: Tensor) -> Tensor:
    """The mean cross-entropy; targets are one-hot rows."""
    return -jnp.mean(jnp.sum(predict(params, x) * targets, axis=1))


@jax.jit
def update(params: Pairs, x: Tensor, y: Tensor, rate: float) -> tuple[Pairs, Tensor]:
    """The weights after one step, and the loss before it."""
    targets = jax.nn.one_hot(y, params[-1][1].shape[0], dtype=x.dtype)
    loss, slopes = jax.value_and_grad(loss_of)(params, x, targets)
    pairs = zip(params, slopes, strict=True)
    return [(w - rate * dw, b - rate * db) for (w, b), (dw, db) in pairs], loss


class Script:
    """The loop; it reads the losses at the end, so that JAX may run ahead."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        self.x, self.y, self.order = problem.x, problem.y, order
        arrays = map(jnp.array, problem.params)
        self.pairs: Pairs = list(zip(arrays, arrays, strict=True))
        self.batch_size, self.rate = problem.batch_size, problem.learning_rate
        self.rng = np.random.default_rng(0)

    def epoch(self) -> Array:
        order = self.rng.permutation(len(self.x)) if self.order is None else self.order
        losses = []
        for i in range(0, len(order), self.batch_size):
            rows = order[i : i + self.batch_size]
            self.pairs, loss = update(self.pairs, self.x[rows], self.y[rows], self.rate)
            losses.append(loss)
        return np.array([float(loss) for loss in losses])

    def params(self) -> Params:
        return [np.array(a) for pair in self.pairs for a in pair]

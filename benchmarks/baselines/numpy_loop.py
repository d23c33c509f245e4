"""NumPy: the loop that every course on neural networks writes by hand."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Script:
    """Forward, backward, update, on slices of the shuffled rows."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        self.x, self.y, self.order = problem.x, problem.y, order
        self.weights = [w.copy() for w in problem.params[::2]]
        self.biases = [b.copy() for b in problem.params[1::2]]
        self.batch_size, self.rate = problem.batch_size, np.float32(problem.learning_rate)
        self.rng = np.random.default_rng(0)

    def epoch(self) -> Array:
        order = self.rng.permutation(len(self.x)) if self.order is None else self.order
        losses = []
        for i in range(0, len(order), self.batch_size):
            rows = order[i : i + self.batch_size]
            losses.append(self.update(self.x[rows], self.y[rows]))
        return np.array(losses)

    def update(self, x: Array, y: Array) -> float:
        """One step of gradient descent on a batch; its loss."""
        outputs = [x]
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            outputs.append(np.maximum(outputs[-1] @ w + b, 0))
        scores = outputs[-1] @ self.weights[-1] + self.biases[-1]
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = exponentials / exponentials.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(shares[rows, y]).mean()
        shares[rows, y] -= 1
        delta = shares / np.float32(len(y))
        for i in reversed(range(len(self.weights))):
            slope_w, slope_b = outputs[i].T @ delta, delta.sum(axis=0)
            if i:
                delta = (delta @ self.weights[i].T) * (outputs[i] > 0)
            self.weights[i] -= self.rate * slope_w
            self.biases[i] -= self.rate * slope_b
        return float(loss)

    def params(self) -> Params:
        return [a.copy() for w_b in zip(self.weights, self.biases, strict=True) for a in w_b]

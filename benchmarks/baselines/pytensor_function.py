"""PyTensor: the function of Theano's tutorial, one call per batch, data in shared variables.

After http://deeplearning.net/tutorial/logreg.html, which `pytensor.function` still runs unchanged,
slices by `givens` included; that tutorial does not shuffle. It runs in the mode of this
process, like the backend: PyTensor's default would first compile for half a minute.
"""

from __future__ import annotations

import numpy as np
import pytensor
import pytensor.tensor as pt

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Script:
    """A symbolic cost, its gradients, and a function with updates."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        rows = slice(None) if order is None else order
        data_x = pytensor.shared(problem.x[rows], borrow=True)
        data_y = pytensor.shared(problem.y[rows], borrow=True)
        self.shared = [pytensor.shared(p.copy()) for p in problem.params]
        self.batches = -(-len(problem.x) // problem.batch_size)
        index, x, y = pt.lscalar("index"), pt.matrix("x"), pt.lvector("y")
        pairs = list(zip(self.shared[::2], self.shared[1::2], strict=True))
        a = x
        for w, b in pairs[:-1]:
            z = pt.dot(a, w) + b
            a = pt.switch(z > 0, z, 0)
        w, b = pairs[-1]
        scores = pt.dot(a, w) + b
        cost = -pt.mean(pt.special.log_softmax(scores, axis=1)[pt.arange(y.shape[0]), y])
        slopes = pytensor.grad(cost, self.shared)
        rate = np.float32(problem.learning_rate)
        batch = slice(index * problem.batch_size, (index + 1) * problem.batch_size)
        self.train = pytensor.function(
            [index],
            cost,
            updates=[(p, p - rate * g) for p, g in zip(self.shared, slopes, strict=True)],
            givens={x: data_x[batch], y: data_y[batch]},
        )

    def epoch(self) -> Array:
        return np.array([float(self.train(i)) for i in range(self.batches)])

    def params(self) -> Params:
        return [p.get_value() for p in self.shared]

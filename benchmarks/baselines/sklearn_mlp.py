"""scikit-learn: MLPClassifier(solver="sgd"), an epoch at a time by partial_fit.

After https://scikit-learn.org/stable/modules/neural_networks_supervised.html. Its default momentum
and penalty are off: they would cost time and change the numbers.
"""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import MLPClassifier

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Script:
    """An estimator with our weights in it."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        rows = slice(None) if order is None else order
        self.x, self.y = problem.x[rows], problem.y[rows]
        self.model = MLPClassifier(
            hidden_layer_sizes=problem.widths[1:-1], solver="sgd", batch_size=problem.batch_size,
            learning_rate_init=problem.learning_rate, momentum=0.0, nesterovs_momentum=False,
            alpha=0.0, shuffle=order is None, random_state=0,
        )  # fmt: skip
        # The estimator creates its arrays in the first call; then ours replace their values.
        some = slice(problem.batch_size)
        self.model.partial_fit(self.x[some], self.y[some], classes=np.arange(problem.widths[-1]))
        for ours, theirs in zip(problem.params, self._arrays(), strict=True):
            theirs[...] = ours

    def epoch(self) -> Array:
        self.model.partial_fit(self.x, self.y)
        return np.array([self.model.loss_])  # (1,), a mean over the rows

    def params(self) -> Params:
        return [a.copy() for a in self._arrays()]

    def _arrays(self) -> Params:
        pairs = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return [a for pair in pairs for a in pair]

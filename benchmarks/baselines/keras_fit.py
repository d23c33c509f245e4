"""Keras: compile and fit, on the current Keras backend, with all defaults.

After https://keras.io/examples/vision/mnist_convnet/, without metrics and without the progress bar,
which would only cost time.
"""

from __future__ import annotations

import keras
import numpy as np

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Script:
    """Sequential, compile, fit."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        n_in, *widths, n_out = problem.widths
        hidden = [keras.layers.Dense(n, activation="relu") for n in widths]
        self.model = keras.Sequential([keras.Input((n_in,)), *hidden, keras.layers.Dense(n_out)])
        self.model.compile(
            optimizer=keras.optimizers.SGD(problem.learning_rate),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
        self.model.set_weights(problem.params)
        rows = slice(None) if order is None else order
        self.x, self.y, self.shuffle = problem.x[rows], problem.y[rows], order is None
        self.batch_size = problem.batch_size

    def epoch(self) -> Array:
        history = self.model.fit(
            self.x, self.y, batch_size=self.batch_size, shuffle=self.shuffle, verbose=0
        )
        return np.array(history.history["loss"])  # (1,), a mean over the rows

    def params(self) -> Params:
        return [np.array(w) for w in self.model.get_weights()]

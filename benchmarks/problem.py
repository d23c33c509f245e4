"""The problem to time: Fashion-MNIST, a network, initial weights, plain SGD.

The images are the repository's 10,000; more rows repeat them. Everything is float32 and drawn by
the course's own functions, so a backend and its peer start equally.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from adapters.contract import SGD, Array, Dense, Net, Params
from course.randomness import initial_weights
from datasets.fashion import fashion10k

NETWORKS = ("784-10", "784-256-10", "784-512-512-10")
ROWS, BATCH = 10_000, 128
LEARNING_RATE = 0.1
SEED = 0


@dataclass(frozen=True)
class Problem:
    """A network to train, with the arrays that every implementation gets."""

    widths: tuple[int, ...]  # of the input, the hidden layers (relu) and the scores
    batch_size: int
    x: Array = field(repr=False)  # (n, 784) float32, from 0 to 1
    y: Array = field(repr=False)  # (n,) int64
    params: Params = field(repr=False)  # float32: W0, b0, W1, b1, …
    learning_rate: float = LEARNING_RATE

    @property
    def net(self) -> Net:
        """The network as the contract describes it."""
        *hidden, last = zip(self.widths, self.widths[1:], strict=False)
        return Net((*(Dense(*pair, "relu") for pair in hidden), Dense(*last)), "softmax")

    @property
    def optimizer(self) -> SGD:
        """Plain SGD, the one optimizer that gives the same numbers in every peer."""
        return SGD(self.learning_rate)

    def of_rows(self, rows: Array) -> Problem:
        """The same problem with these rows only."""
        return Problem(self.widths, self.batch_size, self.x[rows], self.y[rows], self.params)


def problem(network: str, rows: int = ROWS, batch_size: int = BATCH) -> Problem:
    """The problem of a network, written as its widths: `784-256-10`."""
    widths = tuple(map(int, network.split("-")))
    images = fashion10k()
    which = np.arange(rows) % len(images.x_train)
    x = images.x_train.reshape(len(images.x_train), -1)[which].astype(np.float32)
    x /= 255
    bare = Problem(widths, batch_size, x, images.y_train[which], [])
    params = [w.astype(np.float32) for w in initial_weights(bare.net, SEED)]
    return Problem(widths, batch_size, x, bare.y, params)

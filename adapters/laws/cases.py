"""The examples on which the laws are tested: nine architectures, with random numbers for each.

The architectures are few because TensorFlow and Keras compile each one, for about a second.
Weights, data, labels, orders and optimizer histories are drawn anew for every example, by NumPy
from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, Params, State
from adapters.laws.error_bounds import Bounds, bounds
from adapters.laws.tolerances import CLEAR_OF_KINKS, epsilon

Architecture = tuple[Net, Optimizer]

# Every loss, activation and optimizer; with and without L2; one layer to three. An ε of 1e-3 and a
# β₂ of 0.95 make Adam's smallest mistakes visible in float32.
ARCHITECTURES: dict[str, Architecture] = {
    "perceptron": (Net((Dense(3, 2),), "perceptron"), SGD(1.0)),
    "line": (Net((Dense(4, 1),), "squared"), SGD(0.1)),
    "softmax": (Net((Dense(5, 3),), "softmax", l2=0.1), SGD(0.3, 0.9)),
    "logistic": (Net((Dense(3, 2),), "logistic", l2=0.02), SGD(0.2, 0.7, nesterov=True)),
    # A sigmoid's outputs as scores: Keras's losses may use the sigmoid's input instead.
    "squeezed": (Net((Dense(4, 3, "sigmoid"),), "softmax"), SGD(0.5)),
    "relu": (Net((Dense(4, 5, "relu"), Dense(5, 3)), "softmax"), SGD(0.1, 0.9)),
    "tanh": (Net((Dense(4, 6, "tanh"), Dense(6, 3)), "softmax", l2=0.05), Adam(0.01)),
    # Each activation is in a hidden layer of one of these two.
    "deep": (
        Net(
            (Dense(3, 4, "sigmoid"), Dense(4, 6, "relu"), Dense(6, 5, "tanh"), Dense(5, 2)),
            "logistic",
        ),
        SGD(0.2, 0.5, nesterov=True),
    ),
    "mixed": (
        Net(
            (Dense(3, 4, "relu"), Dense(4, 5), Dense(5, 3, "sigmoid"), Dense(3, 2, "tanh")),
            "squared",
            l2=0.02,
        ),
        Adam(0.03, 0.8, 0.95, 1e-3),
    ),
}


@dataclass(frozen=True)
class Case:
    """One example: a network in the middle of its training, and a batch."""

    net: Net
    optimizer: Optimizer
    state: State
    x: Array  # (n, n_in)
    y: Array
    order: Array  # (m,)
    batch_size: int
    seed: int

    @property
    def params(self) -> Params:
        return [self.state[f"param_{i}"] for i in range(len(self.net.shapes))]

    @cached_property
    def bounds(self) -> Bounds:
        """The rounding error that one backend may make on this example."""
        eps = epsilon(str(self.x.dtype))
        return bounds(self.net, self.params, self.x, self.y, eps)

    @property
    def dtype(self) -> str:
        return str(self.x.dtype)

    def rng(self, purpose: int) -> np.random.Generator:
        """A random generator for one purpose of a law."""
        return np.random.default_rng([self.seed, purpose])


def draw(
    architecture: Architecture, dtype: str, seed: int, rows: int = 5, scale: float = 1.0, t: int = 3
) -> Case:
    """Draw the arrays from the seed, again and again until no unit is too near a kink."""
    net, optimizer = architecture
    for attempt in count():
        rng = np.random.default_rng([seed, attempt])
        params = [rng.normal(0, scale / np.sqrt(s[0]), s).astype(dtype) for s in net.shapes]
        x = rng.normal(0, 1, (rows, net.n_in)).astype(dtype)
        y = labels(net, rng, rows, dtype)
        state = {f"param_{i}": p for i, p in enumerate(params)} | history(optimizer, params, rng, t)
        order = rng.integers(0, rows, rng.integers(1, 2 * rows + 1))
        batch_size = int(rng.integers(1, rows + 3))
        case = Case(net, optimizer, state, x, y, order, batch_size, seed)
        if case.bounds.margins.min() > CLEAR_OF_KINKS:
            return case
    raise AssertionError("unreachable")


def labels(net: Net, rng: np.random.Generator, rows: int, dtype: str) -> Array:
    """Targets in the form that the loss takes."""
    if net.loss == "softmax":
        return rng.integers(0, net.n_out, rows)
    if net.loss == "squared":
        return rng.normal(0, 1, (rows, net.n_out)).astype(dtype)
    low = -1 if net.loss == "perceptron" else 0
    return rng.choice([low, 1], (rows, net.n_out)).astype(dtype)


def history(optimizer: Optimizer, params: Params, rng: np.random.Generator, t: int) -> State:
    """Optimizer slots as after t steps: second moments ≥ 0, and zeros at t = 0.

    Some entries are zero, as for weights whose gradient was always zero.
    """
    state: State = {}
    for i, p in enumerate(params):
        alive = np.where(rng.random(p.shape) < 0.9, float(t > 0), 0.0)
        for slot in optimizer.slots:
            values = alive * rng.normal(0, 0.3, p.shape)
            values = values**2 + 0.01 * alive if slot == "second_moment" else values
            state[f"{slot}_{i}"] = values.astype(p.dtype)
    return state | ({"step": np.array(t)} if isinstance(optimizer, Adam) else {})

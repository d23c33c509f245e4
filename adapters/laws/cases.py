"""The examples on which the laws are tested: fourteen architectures, with random numbers for each.

Weights, data, labels, orders and optimizer histories are drawn anew for every example, by NumPy
from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

import numpy as np

from adapters.contract import Adam, Array, Net, Optimizer, Params, State
from adapters.laws.architectures import ARCHITECTURES, Architecture
from adapters.laws.error_bounds import Bounds, bounds
from adapters.laws.tolerances import CLEAR_OF_KINKS, epsilon
from adapters.layers import Embedding

__all__ = ["ARCHITECTURES", "Architecture", "Case", "draw", "labels", "weights"]


# Rows drawn for each that is used, where a row has hundreds of kinks; a dense network has a dozen.
SPARE = 4


@dataclass(frozen=True)
class Case:
    """One example: a network in the middle of its training, and a batch."""

    net: Net
    optimizer: Optimizer
    state: State
    x: Array  # (n, …)
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
        return bounds(self.net, self.params, self.x, self.y, epsilon(self.dtype))

    @property
    def dtype(self) -> str:
        return str(self.state["param_0"].dtype)

    def rng(self, purpose: int) -> np.random.Generator:
        """A random generator for one purpose of a law."""
        return np.random.default_rng([self.seed, purpose])


def draw(
    architecture: Architecture, dtype: str, seed: int, rows: int = 5, scale: float = 1.0, t: int = 3
) -> Case:
    """Draw the arrays from the seed, again and again until no number is too near a kink."""
    net, optimizer = architecture
    drawn = rows if net.is_dense else SPARE * rows
    for attempt in count():
        rng = np.random.default_rng([seed, attempt])
        params = weights(net, rng, dtype, scale)
        x, y = inputs(net, rng, drawn, dtype), labels(net, rng, drawn, dtype)
        state = {f"param_{i}": p for i, p in enumerate(params)} | history(optimizer, params, rng, t)
        order = rng.integers(0, rows, rng.integers(1, 2 * rows + 1))
        batch_size = int(rng.integers(1, rows + 3))
        case = Case(net, optimizer, state, x, y, order, batch_size, seed)
        clear = np.flatnonzero(case.bounds.margins > CLEAR_OF_KINKS)[:rows]
        if len(clear) == drawn:
            return case
        if len(clear) == rows:
            return replace(case, x=x[clear], y=y[clear])
    raise AssertionError("unreachable")


def weights(net: Net, rng: np.random.Generator, dtype: str, scale: float = 1.0) -> Params:
    """Kernels by the number of inputs of an output, and around its constant whatever starts at one.

    So a bias is not zero, nor a scale one, as in the middle of a training.
    """
    spread = [scale / np.sqrt(p.fans[0] if p.fans else p.shape[0]) for p in net.parameters]
    return [
        (p.starts_at + rng.normal(0, by, p.shape)).astype(dtype)
        for p, by in zip(net.parameters, spread, strict=True)
    ]


def inputs(net: Net, rng: np.random.Generator, rows: int, dtype: str) -> Array:
    """Rows that the network reads: numbers, or row numbers of its embedding, some of them twice."""
    shape = (rows, *net.row_shape)
    if isinstance(net.layers[0], Embedding):
        return rng.integers(0, net.layers[0].vocabulary, shape)
    return rng.normal(0, 1, shape).astype(dtype)


def labels(net: Net, rng: np.random.Generator, rows: int, dtype: str) -> Array:
    """Targets in the form that the loss takes, one for each place of a sequence."""
    shape = (rows, *net.outputs[-1])
    if net.loss == "softmax":
        return rng.integers(0, net.n_out, shape[:-1])
    if net.loss == "squared":
        return rng.normal(0, 1, shape).astype(dtype)
    low = -1 if net.loss == "perceptron" else 0
    return rng.choice([low, 1], shape).astype(dtype)


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

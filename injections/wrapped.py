"""A model around another model of the same backend, which a change stands before or behind.

A subclass that changes what a method gets would change it twice where one method of a backend calls
another; a model around a model does not.
"""

from __future__ import annotations

from typing import Any

from adapters.contract import Array, Model, Net, Optimizer, Params, State


def wrapped(backend: type[Model]) -> type[Any]:
    """A class of models that pass everything on to their `inner`, a model of this backend.

    It is a subclass of the backend, so that injections into it and around it find each other.
    """

    class Wrapped(backend):  # type: ignore[misc, valid-type]
        def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
            self.inner = backend(net, params, optimizer)
            self.net, self.optimizer = self.inner.net, self.inner.optimizer

        def params(self) -> Params:
            return self.inner.params()

        def assign(self, params: Params) -> None:
            self.inner.assign(params)

        def forward(self, x: Array) -> Array:
            return self.activations(x)[-1]

        def activations(self, x: Array) -> list[Array]:
            return self.inner.activations(x)

        def loss(self, x: Array, y: Array) -> float:
            return self.inner.loss(x, y)

        def gradients(self, x: Array, y: Array) -> Params:
            return self.inner.gradients(x, y)

        def step(self, x: Array, y: Array) -> float:
            return self.inner.step(x, y)

        def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
            return self.inner.epoch(x, y, order, batch_size)

        def state(self) -> State:
            return self.inner.state()

        def restore(self, state: State) -> None:
            self.inner.restore(state)

    return Wrapped

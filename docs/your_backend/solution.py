"""A worked example: the adapter of Pebble, a framework of one page.

Pebble (pebble.py, beside this file) has arrays with automatic differentiation and nothing else: no
layers, no losses, no optimizers. Most young frameworks begin like that. Their adapter lists in its
tables what the framework has, and builds what it lacks from that. Compare `numpy_adapter.py`, where
each derivative is written by hand.

    make check-adapter ADAPTER=docs/your_backend/solution.py:PebbleModel
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pebble
from pebble import Tensor

from adapters.contract import SGD, Adam, Array, Dense, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device
from adapters.validation import (
    as_batch,
    as_inputs,
    as_net,
    as_optimizer,
    as_order,
    as_params,
    as_state,
    named,
    slots_of,
)

DEFAULTS: dict[str, Any] = {"float": str(np.zeros(0).dtype)}  # Pebble's numbers are NumPy's


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Pebble computes on the CPU, like NumPy."""
    return choose_device("pebble", device, gpu_found=False)


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "sigmoid": pebble.sigmoid,
    "relu": pebble.relu,
    "tanh": pebble.tanh,
}


def perceptron(z: Tensor, y: Array) -> Tensor:
    """−y·z of every mistake; the choice of mistakes has no gradient, so NumPy makes it."""
    return (np.where(y * z.data <= 0, -y, 0) * z).sum()


def squared(z: Tensor, y: Array) -> Tensor:
    """The squared distance from the target."""
    return ((z - y) ** 2).sum()


def logistic(z: Tensor, y: Array) -> Tensor:
    """Minus the log-probability of each label, from the score."""
    return (pebble.softplus(z) - y * z).sum()


def softmax(z: Tensor, y: Array) -> Tensor:
    """Minus the log-probability of the right class.

    Subtracting a constant from every score of a row changes neither loss nor gradient. The largest
    score is subtracted, so that no exponential overflows.
    """
    z = z - z.data.max(1, keepdims=True)  # (n, n_out)
    return (pebble.log(pebble.exp(z).sum(1)) - z[np.arange(len(y)), y]).sum()


# loss: its sum over the rows and outputs
LOSSES: dict[str, Callable[[Tensor, Array], Tensor]] = {
    "perceptron": perceptron,
    "squared": squared,
    "logistic": logistic,
    "softmax": softmax,
}


def sgd(o: SGD, w: Array, g: Array, slots: list[Array], t: int) -> tuple[Array, list[Array]]:
    """The weight and the slots after a step along the gradient, the velocity, or past it."""
    if not slots:
        return w - o.learning_rate * g, []
    v = o.momentum * slots[0] + g
    return w - o.learning_rate * (g + o.momentum * v if o.nesterov else v), [v]


def adam(o: Adam, w: Array, g: Array, slots: list[Array], t: int) -> tuple[Array, list[Array]]:
    """Kingma & Ba's algorithm 1; the first step is t = 1."""
    m = o.beta_1 * slots[0] + (1 - o.beta_1) * g
    v = o.beta_2 * slots[1] + (1 - o.beta_2) * g * g
    m_hat, v_hat = m / (1 - o.beta_1**t), v / (1 - o.beta_2**t)
    return w - o.learning_rate * m_hat / (np.sqrt(v_hat) + o.epsilon), [m, v]


OPTIMIZERS: dict[type, Callable[..., tuple[Array, list[Array]]]] = {SGD: sgd, Adam: adam}

# The training loop reports a run that diverges; NumPy need not warn of every infinity.
quietly = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class PebbleModel(Model):
    """A network whose weights are tensors, which each step replaces."""

    backend = "pebble"
    DEFAULTS = DEFAULTS

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """Pebble has no optimizers."""
        return "ours"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        self.assign(params)
        self._slots = [[np.zeros_like(w.data) for w in self._weights] for _ in optimizer.slots]
        self._t = 0

    def params(self) -> Params:
        return [w.data.copy() for w in self._weights]

    def assign(self, params: Params) -> None:
        self._weights = [Tensor(w) for w in as_params(self.net, params, self.dtype)]

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    @quietly
    def activations(self, x: Array) -> list[Array]:
        return [a.data for a in self._outputs(as_inputs(self.net, x, self.dtype))]

    @quietly
    def loss(self, x: Array, y: Array) -> float:
        return float(self._loss(*as_batch(self.net, x, y, self.dtype)).data)

    @quietly
    def gradients(self, x: Array, y: Array) -> Params:
        return pebble.gradients(self._loss(*as_batch(self.net, x, y, self.dtype)), self._weights)

    @quietly
    def step(self, x: Array, y: Array) -> float:
        loss = self._loss(*as_batch(self.net, x, y, self.dtype))
        self._t += 1
        move = OPTIMIZERS[type(self.optimizer)]
        for i, g in enumerate(pebble.gradients(loss, self._weights)):
            slots = [slot[i] for slot in self._slots]
            w, slots = move(self.optimizer, self._weights[i].data, g, slots, self._t)
            self._weights[i] = Tensor(w)
            for slot, value in zip(self._slots, slots, strict=True):
                slot[i] = value
        return float(loss.data)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        return np.array([self.step(x[rows], y[rows]) for rows in batches], self.dtype)

    def state(self) -> State:
        state = named("param", self.params())
        for name, slot in zip(self.optimizer.slots, self._slots, strict=True):
            state |= named(name, [array.copy() for array in slot])
        return state | ({"step": np.array(self._t)} if isinstance(self.optimizer, Adam) else {})

    def restore(self, state: State) -> None:
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self._weights)
        self.assign(slots_of(state, "param", count))
        self._slots = [slots_of(state, name, count) for name in self.optimizer.slots]
        self._t = int(state["step"])

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        """Each knob is a tensor of one number, so plain arithmetic has a gradient."""
        knobs = [Tensor(np.asarray(knob, PebbleModel.dtype)) for knob in at]
        value = f(knobs)
        return float(value.data), np.array(pebble.gradients(value, knobs))

    def _outputs(self, x: Array) -> list[Tensor]:
        """Every layer's output, each (n, n_out of the layer)."""
        a, outputs = Tensor(x), []
        pairs = zip(self._weights[::2], self._weights[1::2], strict=True)
        for layer, (kernel, bias) in zip(self.net.layers, pairs, strict=True):
            assert isinstance(layer, Dense)  # as_net refuses all others
            a = ACTIVATIONS[layer.activation](a @ kernel + bias)  # (n, layer.n_out)
            outputs.append(a)
        return outputs

    def _loss(self, x: Array, y: Array) -> Tensor:
        """The mean over the rows, plus the penalty on the kernels."""
        loss = LOSSES[self.net.loss](self._outputs(x)[-1], y) / len(x)
        for kernel in self._weights[::2] if self.net.l2 else ():
            loss = loss + 0.5 * self.net.l2 * (kernel * kernel).sum()
        return loss


MODEL = PebbleModel

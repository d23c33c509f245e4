"""NumPy: the reference implementation, with every gradient written out by hand.

NumPy has neither layers nor gradients nor optimizers. The table of losses pairs each with its
derivative, `numpy_layers.py` does so for the layers, and each optimizer is the equation of
`optimizers.py`, line by line. In float64 the other backends are compared with this one; it is
itself checked against central differences and closed forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from adapters.contract import SGD, Adam, Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device
from adapters.numpy_layers import LAYERS, backward, in_rows, outputs, sigmoid
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

DEFAULTS: dict[str, Any] = {"float": str(np.zeros(()).dtype), "std_ddof": 0}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Pin the threads of the matrix products; NumPy computes on the CPU only."""
    threadpool_limits(threads)
    return choose_device("numpy", device, gpu_found=False)


def perceptron(z: Array, y: Array) -> tuple[Array, Array]:
    """A mistake costs its score's distance from zero; a correct score costs nothing."""
    mistake = y * z <= 0
    return np.where(mistake, -y * z, 0).sum(1), np.where(mistake, -y, 0)


def squared(z: Array, y: Array) -> tuple[Array, Array]:
    """The squared distance from the target, without a half."""
    return ((z - y) ** 2).sum(1), 2 * (z - y)


def logistic(z: Array, y: Array) -> tuple[Array, Array]:
    """Minus the log-probability of the label: log(1 + exp(z)) − y·z, without overflow."""
    return (np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))).sum(1), sigmoid(z) - y


def softmax(z: Array, y: Array) -> tuple[Array, Array]:
    """Minus the log-probability of the right class; the largest score is subtracted first."""
    z = z - z.max(1, keepdims=True)  # (n, n_out)
    odds = np.exp(z)
    total = odds.sum(1, keepdims=True)  # (n, 1)
    rows = np.arange(len(y))
    gradient = odds / total
    gradient[rows, y] -= 1
    return np.log(total[:, 0]) - z[rows, y], gradient


# loss: each row's value (n,), and its gradient by the scores (n, n_out)
LOSSES: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    "perceptron": perceptron,
    "squared": squared,
    "logistic": logistic,
    "softmax": softmax,
}


def sgd(o: SGD, w: Array, g: Array, slots: list[Array], t: int) -> None:
    """Move w in place: W ← W − η·g, or by the velocity v ← μ·v + g, or by Nesterov's g + μ·v."""
    if not slots:
        w -= o.learning_rate * g
        return
    (v,) = slots
    v *= o.momentum
    v += g
    w -= o.learning_rate * (g + o.momentum * v if o.nesterov else v)


def adam(o: Adam, w: Array, g: Array, slots: list[Array], t: int) -> None:
    """Move w in place by Kingma & Ba's algorithm 1; t counts from one."""
    m, v = slots
    m *= o.beta_1
    m += (1 - o.beta_1) * g
    v *= o.beta_2
    v += (1 - o.beta_2) * g * g
    # Both corrections start near 0 and tend to 1: they are Python floats, always of 64 bits.
    m_hat, v_hat = m / (1 - o.beta_1**t), v / (1 - o.beta_2**t)
    w -= o.learning_rate * m_hat / (np.sqrt(v_hat) + o.epsilon)


OPTIMIZERS: dict[type, Callable[..., None]] = {SGD: sgd, Adam: adam}

# The runner reports a run that diverges, so NumPy need not warn at every infinity on the way.
quietly = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class NumpyModel(Model):
    """A network in NumPy, every derivative written out."""

    backend = "numpy"
    DEFAULTS = DEFAULTS
    supported_layers = frozenset(LAYERS)

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """NumPy has no optimizers."""
        return "ours"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        self._params = as_params(net, params, self.dtype)
        self._slots = [[np.zeros_like(w) for w in self._params] for _ in optimizer.slots]
        self._t = 0

    def params(self) -> Params:
        return [w.copy() for w in self._params]

    def assign(self, params: Params) -> None:
        self._params = as_params(self.net, params, self.dtype)

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    @quietly
    def activations(self, x: Array) -> list[Array]:
        return self._layers(as_inputs(self.net, x, self.dtype))

    @quietly
    def loss(self, x: Array, y: Array) -> float:
        x, y = as_batch(self.net, x, y, self.dtype)
        losses, _ = self._loss(self.forward(x), y)
        return float(losses.mean() + self._penalty())

    @quietly
    def gradients(self, x: Array, y: Array) -> Params:
        x, y = as_batch(self.net, x, y, self.dtype)
        return self._loss_and_gradients(x, y)[1]

    @quietly
    def step(self, x: Array, y: Array) -> float:
        return self._step(*as_batch(self.net, x, y, self.dtype))

    @quietly
    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        return np.array([self._step(x[rows], y[rows]) for rows in batches], self.dtype)

    def state(self) -> State:
        state = named("param", self.params())
        for name, slot in zip(self.optimizer.slots, self._slots, strict=True):
            state |= named(name, [array.copy() for array in slot])
        return state | ({"step": np.array(self._t)} if isinstance(self.optimizer, Adam) else {})

    def restore(self, state: State) -> None:
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self._params)
        self._params = slots_of(state, "param", count)
        self._slots = [slots_of(state, name, count) for name in self.optimizer.slots]
        self._t = int(state["step"])

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at, NumpyModel.dtype)

    def _layers(self, x: Array) -> list[Array]:
        """Every layer's output, each (n, *shape) of `net.outputs`."""
        return outputs(self.net.layers, self._params, x)

    def _loss(self, z: Array, y: Array) -> tuple[Array, Array]:
        """Each row's loss (m,) and its gradient by the scores, (m, n_out).

        Each place of a sequence is a row of its own.
        """
        return LOSSES[self.net.loss](in_rows(z), y.reshape(-1, *y.shape[z.ndim - 1 :]))

    def _penalty(self) -> Any:
        if not self.net.l2:
            return 0.0
        kernels = (self._params[i] for i in self.net.penalized)
        return 0.5 * self.net.l2 * sum((w * w).sum() for w in kernels)

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        """The chain rule, from the scores back to the first layer."""
        found = self._layers(x)
        losses, gradient = self._loss(found[-1], y)  # (m,), (m, n_out)
        gradient = (gradient / len(losses)).reshape(found[-1].shape)
        gradients, _ = backward(self.net.layers, self._params, x, found, gradient)
        if self.net.l2:  # adding zeros would take half as long as the product
            for i in self.net.penalized:
                gradients[i] += self.net.l2 * self._params[i]
        return float(losses.mean() + self._penalty()), gradients

    def _step(self, x: Array, y: Array) -> float:
        loss, gradients = self._loss_and_gradients(x, y)
        self._t += 1
        for i, (w, g) in enumerate(zip(self._params, gradients, strict=True)):
            slots = [slot[i] for slot in self._slots]
            OPTIMIZERS[type(self.optimizer)](self.optimizer, w, g, slots, self._t)
        return loss


MODEL = NumpyModel


def derivative(
    f: Callable[[Sequence[Any]], Any], at: Sequence[float], dtype: str = "float64"
) -> tuple[float, Array]:
    """Numerical differentiation: move each parameter a little and see how f changes.

    A step along the imaginary axis loses no digits, because nothing is subtracted (Squire & Trapp
    1998), but it needs an analytic f: |w| and w > 0 are not. Where the two results disagree by more
    than the error of a central difference, the central difference is returned.
    """
    values = [float(value) for value in at]
    gradient = np.array([_partial(f, values, i) for i in range(len(values))], dtype)
    return float(np.asarray(f(values), dtype)), gradient


def _partial(f: Callable[[Sequence[Any]], Any], values: list[float], i: int) -> float:
    # ε^(1/3) balances the truncation h² against the round-off ε/h of a central difference.
    h = float(np.finfo(float).eps) ** (1 / 3) * max(1.0, abs(values[i]))

    def moved(by: complex) -> Any:
        return f([value + by if j == i else value for j, value in enumerate(values)])

    up, down = float(moved(h)), float(moved(-h))
    central = (up - down) / (2 * h)
    try:
        exact = complex(moved(1e-30j)).imag / 1e-30
    except TypeError:  # complex numbers have no order and no floor
        return central
    noise = 1e-6 * (abs(central) + max(abs(up), abs(down), 1.0))
    return exact if abs(exact - central) <= noise else central
